"""Files handed in on the map, what is in them, and the imports that came of them; running one is a process of /ogc."""

from flask import Blueprint

from gis_infra.web.imports import profiles, records, uploads

ROUTES = (
    ("/uploads", uploads.show_uploads, "GET"),
    ("/uploads", uploads.take_upload, "POST"),
    ("/uploads/<upload_id>", uploads.show_upload, "GET"),
    ("/uploads/<upload_id>", uploads.remove_upload, "DELETE"),
    ("/profiles", profiles.show_profiles, "GET"),
    ("", records.show_imports, "GET"),
    ("/<import_id>", records.show_import, "GET"),
    ("/<import_id>/report", records.show_report, "GET"),
    ("/<import_id>/rejected", records.send_rejected, "GET"),
)


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    blueprint = Blueprint("imports", __name__, url_prefix="/imports")
    for rule, view, method in ROUTES:
        blueprint.add_url_rule(rule, view_func=view, methods=[method])
    return blueprint
