"""How data comes in: from an uploaded file to rows that can be trusted."""
