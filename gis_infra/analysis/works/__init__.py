"""Planned works against what is in the ground."""
