"""Figures of a layer: how many features, how long, how old, of what, how well known; of what an actor may see alone."""
