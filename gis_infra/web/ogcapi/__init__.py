"""OGC API - Features, Tiles and Processes: everything under /ogc, as JSON and as plain pages."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gis_infra.web.ogcapi import (
    collections,
    conformance,
    export,
    functions,
    history,
    items,
    jobs,
    landing,
    methods,
    processes,
    register,
    schedules,
    schemas,
    search,
    splitting,
    styles,
    tiles,
    writing,
    xml_schema,
)
from gis_infra.web.ogcapi.openapi import definition
from gis_infra.web.ogcapi.pages import frame, problem

View = Callable[..., ResponseReturnValue]
ROUTES: tuple[tuple[str, View], ...] = (
    ("/", landing.show_landing),
    ("/conformance", conformance.show_conformance),
    ("/api", definition.show_api),
    ("/collections", collections.show_collections),
    ("/collections/<collection_id>", collections.show_collection),
    ("/collections/<collection_id>/schema", schemas.show_schema),
    ("/collections/<collection_id>/schema.xsd", xml_schema.show_xml_schema),
    ("/collections/<collection_id>/queryables", schemas.show_queryables),
    ("/collections/<collection_id>/sortables", schemas.show_sortables),
    ("/collections/<collection_id>/items", items.show_items),
    ("/collections/<collection_id>/items/<feature_id>", items.show_item),
    ("/collections/<collection_id>/items/<feature_id>/history", history.show_history),
    ("/collections/<collection_id>/items/<feature_id>/history/<number>", history.show_version),
    ("/collections/<collection_id>/search", search.show_search),
    ("/collections/<collection_id>/export", export.show_export),
    ("/collections/<collection_id>/tiles", tiles.show_tilesets),
    ("/collections/<collection_id>/tiles/<matrix_set>", tiles.show_tileset),
    ("/collections/<collection_id>/tiles/<matrix_set>/<zoom>/<row>/<column>", tiles.show_tile),
    ("/conflicts", register.show_register),
    ("/conflicts/groups", register.show_groups),
    ("/conflicts/<conflict_id>", register.show_conflict),
    ("/conflicts/<conflict_id>/assignees", register.show_assignees),
    ("/coverage/schedules", schedules.show_schedules),
    ("/functions", functions.show_functions),
    ("/styles/infra", styles.show_style),
    ("/processes", processes.show_processes),
    ("/processes/<process_id>", processes.show_process),
    ("/jobs", jobs.show_jobs),
    ("/jobs/<job_id>", jobs.show_job),
    ("/jobs/<job_id>/results", jobs.show_results),
    ("/jobs/<job_id>/results/<output>", jobs.show_output),
)
OTHERS: tuple[tuple[str, View, str], ...] = (
    ("/processes/<process_id>/execution", processes.execute, "POST"),
    ("/jobs/<job_id>", jobs.dismiss, "DELETE"),
    ("/conflicts/<conflict_id>", register.take_step, "POST"),
    ("/coverage/schedules/<service>/<period>", schedules.put_schedule, "PUT"),
    ("/coverage/schedules/<service>/<period>", schedules.delete_schedule, "DELETE"),
    ("/collections/<collection_id>/items", writing.create_items, "POST"),
    ("/collections/<collection_id>/items/<feature_id>", writing.replace_item, "PUT"),
    ("/collections/<collection_id>/items/<feature_id>", writing.update_item, "PATCH"),
    ("/collections/<collection_id>/items/<feature_id>", writing.delete_item, "DELETE"),
    ("/collections/<collection_id>/items/<feature_id>/history/<number>/restore", history.restore_version, "POST"),
    ("/collections/<collection_id>/items/<feature_id>/split", splitting.split_item, "POST"),
    ("/collections/<collection_id>/items/<feature_id>/unsplit", splitting.unsplit_item, "POST"),
)


def create_blueprint() -> Blueprint:
    """The routes of this room; each answers with and without a slash at the end."""
    blueprint = Blueprint("ogcapi", __name__, url_prefix="/ogc", template_folder="templates", static_folder="static")
    methods.register(blueprint)
    for rule, view in ROUTES:
        blueprint.add_url_rule(rule, view_func=view, methods=["GET"], strict_slashes=False)
    for rule, view, method in OTHERS:
        blueprint.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    frame.register(blueprint)
    problem.register(blueprint)
    definition.register(blueprint)
    tiles.register(blueprint)
    return blueprint
