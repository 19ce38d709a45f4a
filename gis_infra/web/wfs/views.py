"""The addresses of the WFS: a request is read, its operation looked up and answered; every no is a report.

The only module of this room that knows Flask, but for the rendering of reports.
"""

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from gis_infra.errors import GisInfraError, SignInNeeded
from gis_infra.web import csrf, sending
from gis_infra.web.actors import get_actor
from gis_infra.web.addresses import get_origin
from gis_infra.web.context import get_services
from gis_infra.web.wfs import reports
from gis_infra.web.wfs.operations import get_operation
from gis_infra.web.wfs.requests.context import Request, make_request
from gis_infra.web.wfs.requests.parameters import parse_parameters
from gis_infra.web.wfs.requests.posts import LIMITS, parse_post, read_post
from gis_infra.web.wfs.requests.versions import NEWEST, Version, find_version
from gis_infra.web.wfs.service import Service

URL_PREFIX = "/wfs"
# Nobody is anonymous here. QGIS asks for a password only when it is refused, and the public is not at URL_PREFIX.
SIGNED_IN_URL = f"{URL_PREFIX}/signed-in"
FORM_TYPE = "application/x-www-form-urlencoded"


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    blueprint = Blueprint("wfs", __name__, url_prefix=URL_PREFIX)
    blueprint.add_url_rule("", "answer", answer, methods=["GET", "POST"], strict_slashes=False)
    blueprint.add_url_rule("/signed-in", "answer_signed_in", answer, methods=["GET", "POST"])
    blueprint.register_error_handler(GisInfraError, report_ours)
    blueprint.register_error_handler(HTTPException, report_http)
    blueprint.register_error_handler(Exception, report_unforeseen)
    blueprint.after_request(forbid_keeping)
    return blueprint


def answer() -> Response:
    """The answer of the operation asked for. Raises what the operation raises."""
    incoming = read_request()
    require_signed_in()
    operation = get_operation(incoming)
    if operation.changes:
        csrf.require_intended()
    found = operation.answer(incoming, Service(get_services(), get_actor(), get_address()))
    body = sending.settle(iter(found.body))  # until here an error is a report
    response = Response(body, status=found.status, content_type=found.content_type)
    if found.file:
        response.headers.set("Content-Disposition", "attachment", filename=found.file)
    return response


def read_request() -> Request:
    """This request, from its XML body, its form or its URL. Raises InvalidParameter, MissingParameter and others."""
    root = None
    if request.method == "POST" and request.mimetype != FORM_TYPE:
        root = parse_post(read_body())
        parameters = read_post(root)
    else:
        parameters = parse_parameters([*request.args.items(multi=True), *request.form.items(multi=True)])
    g.wfs_version = find_version(parameters)
    incoming = make_request(parameters, root)
    g.wfs_version = incoming.version
    return incoming


def read_body() -> bytes:
    """The body of this request. Raises SignInNeeded, RequestEntityTooLarge for a long one, before more of it is read.

    Only a Transaction may be long, and nobody unknown may change anything.
    """
    if is_perhaps_long() and get_actor().is_anonymous:
        request.max_content_length = LIMITS.size + 1
        if request.content_length is not None or len(request.get_data()) > LIMITS.size:
            raise SignInNeeded(f"of who is not signed in at most {LIMITS.size} bytes of XML are read", where="body")
    body = request.get_data(cache=False)
    if request.content_length is None and len(body) == request.max_content_length:
        raise RequestEntityTooLarge  # the framework tells no more than that it stopped reading
    return body


def is_perhaps_long() -> bool:
    """Whether the body is longer than a question, or may be, as it comes in chunks; not whether it is beyond all."""
    size = request.content_length
    return size is None or LIMITS.size < size <= (request.max_content_length or 0)


def forbid_keeping(response: Response) -> Response:
    """Keep clients from keeping answers: QGIS otherwise shows yesterday's features, even on reload."""
    response.headers["Cache-Control"] = "no-store"
    return response


def get_version() -> Version:
    """The version reports on this request are in: its own as far as that was read."""
    version: Version = g.get("wfs_version", NEWEST)
    return version


def report_ours(error: GisInfraError) -> Response:
    """The report of an error of ours."""
    return reports.render_ours(error, get_version())


def report_http(error: HTTPException) -> Response:
    """The report of an error of the framework."""
    return reports.render_http(error, get_version())


def report_unforeseen(error: Exception) -> Response:
    """The report of a fault nobody foresaw."""
    return reports.render_unforeseen(error, get_version())


def get_address() -> str:
    """The address of this service as the client reaches it."""
    return get_origin() + (SIGNED_IN_URL if is_for_signed_in() else URL_PREFIX)


def is_for_signed_in() -> bool:
    """Whether the request came to the address at which nobody is anonymous."""
    return str(request.endpoint).endswith(".answer_signed_in")


def require_signed_in() -> None:
    """Raises SignInNeeded if nobody signed in, at the address at which one must."""
    if is_for_signed_in() and get_actor().is_anonymous:
        raise SignInNeeded(f"sign in to use this address; the public is served at {get_origin()}{URL_PREFIX}")
