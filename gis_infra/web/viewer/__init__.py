"""The map for planners: its page, its built files, and the answers only it asks for.

The page is `templates/map.html`, the program in it is built from `frontend/` into `static/built/`. Everything else the
map shows comes from the public doors: tiles from the OGC API, conflicts and coverage from `/analysis`.
"""

from flask import Blueprint

from gis_infra.web.viewer import search_view, views


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    blueprint = Blueprint(
        "viewer", __name__, template_folder="templates", static_folder="static", static_url_path="/viewer/static"
    )
    blueprint.add_url_rule("/", view_func=views.map_page)
    blueprint.add_url_rule("/viewer/config", view_func=views.config)
    blueprint.add_url_rule("/viewer/identify", view_func=views.identify)
    blueprint.add_url_rule("/viewer/find", view_func=search_view.find)
    blueprint.add_url_rule("/viewer/counts", view_func=views.show_counts)
    blueprint.add_url_rule("/viewer/facts/<layer_id>/<feature_id>", view_func=views.show_facts)
    blueprint.add_url_rule("/viewer/strip", view_func=views.make_strip, methods=["POST"])
    blueprint.add_url_rule("/viewer/form/<layer_id>", view_func=views.form)
    blueprint.add_url_rule("/viewer/neighbours", view_func=views.show_neighbours)
    blueprint.add_url_rule("/viewer/properties/<layer_id>", view_func=views.show_properties)
    blueprint.add_url_rule("/viewer/extent/<layer_id>", view_func=views.show_extent)
    blueprint.add_url_rule("/viewer/built/<path:name>", view_func=views.built_file)
    return blueprint
