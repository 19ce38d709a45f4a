"""Conflicts, works checks, contacts and coverage for the map."""

from flask import Blueprint

from gis_infra.web.analysis import books, contacts, coverage, coverage_files, files, views


def create_blueprint() -> Blueprint:
    """The routes of this room. The rules and services are read when the application is made."""
    blueprint = Blueprint("analysis", __name__, url_prefix="/analysis")
    blueprint.record_once(books.register)
    blueprint.add_url_rule("/conflicts", view_func=views.show_conflicts)
    blueprint.add_url_rule("/works-check", view_func=views.check_works, methods=["POST"])
    add_files(blueprint)
    add_coverage(blueprint)
    add_contacts(blueprint)
    return blueprint


def add_files(blueprint: Blueprint) -> None:
    """The routes of reports and letters."""
    blueprint.add_url_rule("/conflicts/report", view_func=files.send_register)
    blueprint.add_url_rule("/conflicts/letters", view_func=files.send_register_letters)
    blueprint.add_url_rule("/works-check/report", view_func=files.send_works, methods=["POST"])
    blueprint.add_url_rule("/works-check/letters", view_func=files.send_works_letters, methods=["POST"])


def add_coverage(blueprint: Blueprint) -> None:
    """The routes of coverage."""
    one = "/coverage/runs/<int:run_id>"
    blueprint.add_url_rule("/coverage", view_func=coverage.show_services)
    blueprint.add_url_rule("/coverage/compare", view_func=coverage.show_comparison)
    blueprint.add_url_rule("/coverage/<service_id>", view_func=coverage.show_latest)
    blueprint.add_url_rule("/coverage/<service_id>/runs", view_func=coverage.show_runs)
    blueprint.add_url_rule(one, view_func=coverage.show_run)
    blueprint.add_url_rule(f"{one}/places", view_func=coverage.show_places)
    blueprint.add_url_rule(f"{one}/report", view_func=coverage_files.send_report)


def add_contacts(blueprint: Blueprint) -> None:
    """The routes of contacts."""
    one = "/contacts/<int:contact_id>"
    blueprint.add_url_rule("/contacts", "list_contacts", contacts.show_all)
    blueprint.add_url_rule("/contacts", "add_contact", contacts.add, methods=["POST"])
    blueprint.add_url_rule(one, "show_contact", contacts.show)
    blueprint.add_url_rule(one, "change_contact", contacts.change, methods=["PUT"])
    blueprint.add_url_rule(one, "remove_contact", contacts.remove, methods=["DELETE"])
