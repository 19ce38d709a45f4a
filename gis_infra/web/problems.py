"""Our errors as HTTP answers: RFC 9457 problem details, from one table of class to status.

The client sees our words; the log has the trace. The WFS room renders its own reports from the same table.
"""

import logging
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from gis_infra import errors
from gis_infra.web.wording import tell

LOG = logging.getLogger(__name__)
REALM = 'Basic realm="gis-infra", charset="UTF-8"'
RETRY_AFTER_S = "10"
SHOWN = 100  # characters of what was asked
OUR_FAULT = "the server could not do this; its log says why"

# First match counts: from the special to the general.
STATUSES: tuple[tuple[type[errors.GisInfraError], HTTPStatus], ...] = (
    (errors.SignInNeeded, HTTPStatus.UNAUTHORIZED),
    (errors.RefusedError, HTTPStatus.FORBIDDEN),
    (errors.MissingError, HTTPStatus.NOT_FOUND),
    (errors.StaleVersion, HTTPStatus.PRECONDITION_FAILED),
    (errors.FeatureLocked, HTTPStatus.LOCKED),
    (errors.ConflictError, HTTPStatus.CONFLICT),
    (errors.BusyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.UnsupportedMediaType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (errors.NotAcceptable, HTTPStatus.NOT_ACCEPTABLE),
    (errors.CallerError, HTTPStatus.BAD_REQUEST),
    (errors.OurError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (errors.GisInfraError, HTTPStatus.INTERNAL_SERVER_ERROR),
)


# What a standard names by an address of its own. Source: OGC 18-062r2, clauses 7.9.5, 7.12 and 7.13.
PROCESSES = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
TYPES: tuple[tuple[type[errors.GisInfraError], str], ...] = (
    (errors.UnknownProcess, f"{PROCESSES}/no-such-process"),
    (errors.UnknownJob, f"{PROCESSES}/no-such-job"),
    (errors.ResultNotReady, f"{PROCESSES}/result-not-ready"),
)
NO_TYPE = "about:blank"


def get_type(error: errors.GisInfraError) -> str:
    """The address of the kind of problem, "about:blank" if its status says all."""
    return next((address for kind, address in TYPES if isinstance(error, kind)), NO_TYPE)


def get_status(error: errors.GisInfraError) -> HTTPStatus:
    """The HTTP status that says whose fault the error is."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def register(app: Flask) -> None:
    """Let every error of the application end here."""
    app.register_error_handler(errors.GisInfraError, render_ours)
    app.register_error_handler(HTTPException, render_http)
    app.register_error_handler(Exception, render_unforeseen)


def render_ours(error: errors.GisInfraError) -> Response:
    """The answer for an error of ours; those that are not the caller's fault are logged and not told in detail."""
    status = get_status(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("%s failed", name_request(), exc_info=error)
        return render_problem(status, OUR_FAULT)
    return render_problem(status, error.message, error.where, get_type(error), error.faults)


def name_request() -> str:
    """Method and path of this request for the log; the rule instead of the path where that holds a secret."""
    rule = request.url_rule
    hidden = rule is not None and "secret" in rule.arguments
    return f"{request.method} {rule if hidden else request.path}"


def render_http(error: HTTPException) -> Response:
    """The answer for an error of the framework, such as a path that is not served."""
    status = HTTPStatus(error.code or 500)
    answer = render_problem(status, tell_http(error))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "location", "retry-after"}:
            answer.headers[name] = value
    return answer


def tell_http(error: HTTPException) -> str:
    """What an error of the framework says, in our words where its own tell neither what was asked nor what there is."""
    if isinstance(error, NotFound) and error.description == NotFound.description:
        return f"there is nothing at {request.path[:SHOWN]}; the map is at /, the OGC API at /ogc/, the WFS at /wfs"
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return f"{request.method[:SHOWN]} is not taken at {request.path[:SHOWN]}; allowed are {allowed}"
    return error.description or HTTPStatus(error.code or 500).phrase


def render_unforeseen(error: Exception) -> Response:
    """The answer for a fault nobody foresaw: told to the log, not to the client."""
    LOG.error("%s failed", name_request(), exc_info=error)
    return render_problem(HTTPStatus.INTERNAL_SERVER_ERROR, OUR_FAULT)


def render_problem(
    status: HTTPStatus, detail: str, where: str = "", kind: str = NO_TYPE, faults: tuple[errors.Fault, ...] = ()
) -> Response:
    """A problem document; kind: the address of its type. Source: RFC 9457 clause 3."""
    told = tell(detail, request.args.get("lang"))
    problem: dict[str, Any] = {"type": kind, "title": status.phrase, "status": int(status), "detail": told.words}
    if where:
        problem["where"] = where
    if faults:
        problem["faults"] = [to_document(each) for each in faults]
    answer = Response(orjson.dumps(problem), status=status, mimetype="application/problem+json")
    answer.headers["Content-Language"] = told.language
    answer.headers["Cache-Control"] = "no-store"
    add_advice(answer)
    return answer


def to_document(fault: errors.Fault) -> dict[str, Any]:
    """What is wrong with one of several features, as a document: which (from 0), where in it, what was found, why."""
    return {"index": fault.index, "field": fault.field, "value": fault.value, "message": fault.reason}


def add_advice(answer: Response) -> None:
    """Put on an error what the client may do: sign in, or come again. Source: RFC 9110 clauses 10.2.3 and 11.6.1."""
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = REALM
    if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_AFTER_S
