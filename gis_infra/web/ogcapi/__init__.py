"""OGC API - Features and Tiles."""

from flask import Blueprint


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    return Blueprint("ogcapi", __name__, url_prefix="/ogc" or None)
