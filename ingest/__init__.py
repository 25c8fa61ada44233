"""How data comes in: a file becomes rows we trust, or one plain sentence."""
