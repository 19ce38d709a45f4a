"""Our errors as HTTP answers of the WFS, which says no by an exception report."""

import logging
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import HTTPException

from gis_infra import errors
from gis_infra.web import problems
from gis_infra.web.wfs import exceptions
from gis_infra.web.wfs.requests.versions import Version

LOG = logging.getLogger(__name__)
REPORT_TYPE = "text/xml; charset=UTF-8"
NO_CODE = "NoApplicableCode"


def render_ours(error: errors.GisInfraError, version: Version) -> Response:
    """The report of an error of ours in a version; what is not the caller's fault is logged and not told in detail."""
    status = exceptions.get_status(error, version, problems.get_status(error))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("%s failed", problems.name_request(), exc_info=error)
        return render_report(version, status, NO_CODE, problems.OUR_FAULT)
    locator = exceptions.to_locator(error.where, version)
    text = exceptions.to_text(error.message, error.where, version)
    return render_report(version, status, exceptions.get_code(error, version), text, locator)


def render_http(error: HTTPException, version: Version) -> Response:
    """The report of an error of the framework, such as a body that is too large."""
    status = HTTPStatus(error.code or 500)
    return render_report(version, status, NO_CODE, problems.tell_http(error))


def render_unforeseen(error: Exception, version: Version) -> Response:
    """The report of a fault nobody foresaw: told to the log, not to the client."""
    LOG.error("%s failed", problems.name_request(), exc_info=error)
    return render_report(version, HTTPStatus.INTERNAL_SERVER_ERROR, NO_CODE, problems.OUR_FAULT)


def render_report(version: Version, status: HTTPStatus, code: str, text: str, locator: str = "") -> Response:
    """A report with its status, and what the client may do about it."""
    answer = Response(exceptions.render(version, code, text, locator), status=status, content_type=REPORT_TYPE)
    problems.add_advice(answer)
    return answer
