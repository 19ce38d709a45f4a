"""Conditions on features: one tree, read from several languages, turned into one SQL condition."""
