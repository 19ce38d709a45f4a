"""Our errors as exception reports of OWS 1.1, which is how a WFS says no.

The HTTP status is that of `web/problems.py`, one table for every protocol; here stand only the protocol's own codes.
"""

import logging
from http import HTTPStatus

from flask import Response
from lxml import etree
from werkzeug.exceptions import HTTPException

from gis_infra import errors
from gis_infra.filters.fes import UnsupportedFilter
from gis_infra.web import problems
from gis_infra.web.wfs.faults import MissingParameter, UnknownOperation, UnreadableRequest, VersionNotSpoken
from gis_infra.web.wfs.names import OWS, OWS_LOCATION, VERSION, XSI, ows, xsi
from gis_infra.web.wfs.requests.versions import Version

LOG = logging.getLogger(__name__)
REPORT_TYPE = "text/xml; charset=UTF-8"


# First match counts. Source: OGC 06-121r9 table 27, OGC 09-025r2 table 3.
CODES: tuple[tuple[type[errors.GisInfraError], str], ...] = (
    (MissingParameter, "MissingParameterValue"),
    (UnknownOperation, "OperationNotSupported"),
    (VersionNotSpoken, "VersionNegotiationFailed"),
    (UnreadableRequest, "OperationParsingFailed"),
    (UnsupportedFilter, "OperationProcessingFailed"),
    (errors.UnknownFeature, "NotFound"),
    (errors.MissingError, "InvalidParameterValue"),
    (errors.CallerError, "InvalidParameterValue"),
    (errors.GisInfraError, "NoApplicableCode"),
)
# Where the protocol asks for another status than the common table has.
STATUSES: tuple[tuple[type[errors.GisInfraError], HTTPStatus], ...] = (
    (errors.UnknownFeature, HTTPStatus.NOT_FOUND),
    (errors.MissingError, HTTPStatus.BAD_REQUEST),
)


def render_ours(error: errors.GisInfraError, version: Version) -> Response:
    """The report of an error of ours in a version; what is not the caller's fault is logged and not told in detail."""
    status = get_status(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("%s failed", problems.name_request(), exc_info=error)
        return render_report(version, status, "NoApplicableCode", problems.OUR_FAULT)
    return render_report(version, status, get_code(error), error.message, error.where)


def render_http(error: HTTPException, version: Version) -> Response:
    """The report of an error of the framework, such as a body that is too large."""
    status = HTTPStatus(error.code or 500)
    return render_report(version, status, "NoApplicableCode", error.description or status.phrase)


def render_unforeseen(error: Exception, version: Version) -> Response:
    """The report of a fault nobody foresaw: told to the log, not to the client."""
    LOG.error("%s failed", problems.name_request(), exc_info=error)
    return render_report(version, HTTPStatus.INTERNAL_SERVER_ERROR, "NoApplicableCode", problems.OUR_FAULT)


def get_code(error: errors.GisInfraError) -> str:
    """The exception code of an error."""
    return next(code for kind, code in CODES if isinstance(error, kind))


def get_status(error: errors.GisInfraError) -> HTTPStatus:
    """The HTTP status of an error; a type that is not there is a bad parameter, not a missing page."""
    own = [status for kind, status in STATUSES if isinstance(error, kind)]
    return own[0] if own else problems.get_status(error)


def render_report(version: Version, status: HTTPStatus, code: str, text: str, locator: str = "") -> Response:
    """An ows:ExceptionReport with one exception. Source: OGC 06-121r9 clause 8."""
    report = etree.Element(ows("ExceptionReport"), {"version": VERSION}, nsmap={"ows": OWS, "xsi": XSI})
    report.set(xsi("schemaLocation"), f"{OWS} {OWS_LOCATION}")
    exception = etree.SubElement(report, ows("Exception"), {"exceptionCode": code})
    if locator:
        exception.set("locator", to_xml_text(locator))
    etree.SubElement(exception, ows("ExceptionText")).text = to_xml_text(text)
    body = etree.tostring(report, xml_declaration=True, encoding="UTF-8")
    answer = Response(body, status=status, content_type=REPORT_TYPE)
    problems.add_advice(answer)
    return answer


def to_xml_text(text: str) -> str:
    """The text without the characters XML cannot hold; it may quote what a caller sent."""
    return "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text)
