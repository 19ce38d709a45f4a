"""How clearances between two assets are found: which pairs to look at, and what each comes to."""
