"""The map for planners."""

from flask import Blueprint


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    return Blueprint("viewer", __name__, url_prefix="" or None)
