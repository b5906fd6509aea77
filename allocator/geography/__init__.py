"""Where places are, how far apart they are, and which zones they fall in."""
