"""Random moves in the middle of random disasters, on a site of their own whose parts may be killed."""
