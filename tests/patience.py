"""How long tests wait for a process that promises to end within seconds."""

import os


def patience(seconds):
    """Seconds on a machine with a core for everybody; where several wait for each, as many times longer."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
