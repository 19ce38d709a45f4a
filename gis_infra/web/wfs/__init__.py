"""OGC Web Feature Service."""

from flask import Blueprint


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    return Blueprint("wfs", __name__, url_prefix="/wfs" or None)
