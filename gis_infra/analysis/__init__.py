"""Conflicts and coverage."""
