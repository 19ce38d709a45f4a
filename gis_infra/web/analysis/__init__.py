"""Conflicts, works checks and coverage for the map, as JSON."""

from flask import Blueprint


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    return Blueprint("analysis", __name__, url_prefix="/analysis" or None)
