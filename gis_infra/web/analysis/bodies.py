"""The bodies of requests to this room, and what processes are run with for them."""

from typing import Any

import orjson
from flask import request

from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context, Inputs
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services

LONGEST_ID = 18
FORM_FIELD = "works"


def read_body() -> Any:
    """The JSON of the request's body, or of its field `works` where a form sends it. Raises InvalidParameter.

    A page opens a report in a tab of its own by a form: what a script fetches has no tab, and the policy of its page.
    """
    try:
        return orjson.loads(request.form.get(FORM_FIELD) or request.get_data())
    except orjson.JSONDecodeError as error:
        raise InvalidParameter(f"the body is not JSON: {error.msg} (line {error.lineno})", where="body") from error


def read_works() -> Inputs:
    """The works a request means: `project=<id>` in its address, else a GeoJSON body. Raises InvalidParameter."""
    project = request.args.get("project")
    if project is None:
        return {"works": read_body()}
    if not (project.isascii() and project.isdigit() and len(project) <= LONGEST_ID):
        raise InvalidParameter(f"project must be the id of a works project, got {project[:50]!r}", where="project")
    return {"project": int(project)}


def make_context() -> Context:
    """For whom this request runs a process, and on what."""
    services = get_services()
    return Context(services.engine, services.settings, services.catalogue, services.tables, get_actor())
