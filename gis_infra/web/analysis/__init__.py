"""Conflicts, works checks and coverage for the map, as JSON."""

from flask import Blueprint

from gis_infra.web.analysis import books, views


def create_blueprint() -> Blueprint:
    """The routes of this room. The rules and services are read when the application is made."""
    blueprint = Blueprint("analysis", __name__, url_prefix="/analysis")
    blueprint.record_once(books.register)
    blueprint.add_url_rule("/conflicts", view_func=views.show_conflicts)
    blueprint.add_url_rule("/works-check", view_func=views.check_works, methods=["POST"])
    blueprint.add_url_rule("/coverage", view_func=views.show_services)
    blueprint.add_url_rule("/coverage/<service_id>", view_func=views.show_coverage)
    return blueprint
