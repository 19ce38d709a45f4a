"""Whether this process lives, and whether it can serve."""

from flask import Blueprint, Response

from gis_infra.errors import GisInfraError
from gis_infra.storage import schema
from gis_infra.web.context import get_services


def create_blueprint() -> Blueprint:
    """The routes /healthz and /readyz."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/healthz", view_func=tell_alive)
    blueprint.add_url_rule("/readyz", view_func=tell_ready)
    return blueprint


def tell_alive() -> Response:
    """200 as long as the process answers."""
    return Response("alive\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def tell_ready() -> Response:
    """200 when the database answers and its schema is this program's; 503 and the reason otherwise."""
    try:
        state = schema.get_state(get_services().engine)
    except GisInfraError as error:
        return render_reason(error.message)
    if not state.is_current:
        return render_reason(f"the schema is at {state.current or 'nothing'}, this program needs {state.wanted}")
    return Response("ready\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def render_reason(reason: str) -> Response:
    """503 in one line."""
    return Response(f"not ready: {reason}\n", 503, mimetype="text/plain", headers={"Cache-Control": "no-store"})
