"""Exception reports: which code, locator and status an error has in a version, and the report as XML. Pure.

The HTTP status is mostly that of `web/problems.py`, one table for every protocol; here stands what is the WFS's own.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus

from lxml import etree

from gis_infra import errors
from gis_infra.filters.fes import UnsupportedFilter
from gis_infra.web.wfs import faults
from gis_infra.web.wfs.names import OGC, OGC_LOCATION, OWS, OWS_1, OWS_1_LOCATION, OWS_LOCATION, XML_LANG, XSI, xsi
from gis_infra.web.wfs.requests.versions import NEWEST, Version

LONGEST_LOCATOR = 200
# The code of an error in WFS 2.0; the first match counts. Source: OGC 09-025r2 table 3, OGC 06-121r9 table 27.
CODES: tuple[tuple[type[errors.GisInfraError], str], ...] = (
    (faults.MissingParameter, "MissingParameterValue"),
    (faults.UnknownOperation, "OperationNotSupported"),
    (faults.VersionNotSpoken, "VersionNegotiationFailed"),
    (faults.UnreadableRequest, "OperationParsingFailed"),
    (faults.ActionRefused, "OperationProcessingFailed"),
    (UnsupportedFilter, "OperationProcessingFailed"),
    (errors.InvalidFeature, "InvalidValue"),
    (errors.UnknownFeature, "NotFound"),
    (errors.RefusedError, "NoApplicableCode"),
    (errors.UnknownLock, "InvalidLockId"),
    (errors.LockExpired, "LockHasExpired"),
    (errors.CannotLock, "CannotLockAllFeatures"),
    (errors.LockedByAnother, "InvalidParameterValue"),
    (errors.FeatureLocked, "MissingParameterValue"),
    (faults.DuplicateStoredQuery, "DuplicateStoredQueryIdValue"),
    (faults.DuplicateStoredQueryParameter, "DuplicateStoredQueryParameterName"),
    (errors.ConflictError, "OperationProcessingFailed"),
    (errors.MissingError, "InvalidParameterValue"),
    (errors.CallerError, "InvalidParameterValue"),
    (errors.GisInfraError, "NoApplicableCode"),
)
# What the earlier versions call that; they know no more than the codes of OWS Common 1.0.
# Source: OGC 04-094 clause 7.7, OGC 05-008 table 20; OGC 02-058 clause 7 leaves codes to the service.
EARLIER_CODES: Mapping[str, str] = {
    **dict.fromkeys(("OperationParsingFailed", "OperationProcessingFailed"), "NoApplicableCode"),
    **dict.fromkeys(("NotFound", "InvalidValue", "InvalidLockId", "LockHasExpired"), "InvalidParameterValue"),
    **dict.fromkeys(("CannotLockAllFeatures", "FeaturesNotLocked"), "NoApplicableCode"),
}
# Statuses of codes that are not the common one for their error. Source: OGC 09-025r2 table D.2.
STATUSES: Mapping[str, HTTPStatus] = {
    "NotFound": HTTPStatus.NOT_FOUND,
    "OperationProcessingFailed": HTTPStatus.FORBIDDEN,
    "LockHasExpired": HTTPStatus.FORBIDDEN,
    "DuplicateStoredQueryIdValue": HTTPStatus.CONFLICT,
    "DuplicateStoredQueryParameterName": HTTPStatus.CONFLICT,
    **dict.fromkeys(("InvalidParameterValue", "MissingParameterValue"), HTTPStatus.BAD_REQUEST),
    **dict.fromkeys(("InvalidLockId", "CannotLockAllFeatures"), HTTPStatus.BAD_REQUEST),
}
# How parameters are spelt in the standard, and what those of 2.0 are called before.
SPELLINGS: Mapping[str, str] = {
    each.lower(): each
    for each in (
        *("typeNames", "startIndex", "resultType", "outputFormat", "inputFormat", "srsName", "sortBy", "propertyName"),
        *("acceptVersions", "resourceId", "valueReference", "lockId", "lockAction", "releaseAction"),
    )
}
EARLIER_NAMES: Mapping[str, str] = {
    "typeNames": "typeName", "count": "maxFeatures", "resourceId": "featureId"
}  # fmt: skip


def get_code(error: errors.GisInfraError, version: Version) -> str:
    """The exception code of an error in a version."""
    code = find_code(error)
    return code if version == NEWEST else EARLIER_CODES.get(code, code)


def find_code(error: errors.GisInfraError) -> str:
    """The exception code of an error in the newest version."""
    return next(code for kind, code in CODES if isinstance(error, kind))


def get_status(error: errors.GisInfraError, version: Version, usual: HTTPStatus) -> HTTPStatus:
    """The HTTP status of an error. usual: the one it has in other protocols, kept where the WFS has none of its own."""
    return STATUSES.get(get_code(error, version), usual)


def to_locator(where: str, version: Version) -> str:
    """Where it went wrong, by the name the version has for it."""
    name = SPELLINGS.get(where.lower(), where)
    return name if version == NEWEST else EARLIER_NAMES.get(name, name)


def to_text(message: str, where: str, version: Version) -> str:
    """What a report says, with the parameter it begins with by the name the version has for it."""
    opening = re.match(rf"(parameter )?{re.escape(where)}(?= (is|must) )", message) if where else None
    return message if opening is None else f"{opening[1] or ''}{to_locator(where, version)}{message[opening.end() :]}"


def render(version: Version, code: str, text: str, locator: str = "") -> bytes:
    """A report of one exception in the form of a version, with an XML declaration."""
    told, where = to_xml_text(text), to_xml_text(locator)[:LONGEST_LOCATOR]
    root = make_old_report(code, told, where) if version == "1.0.0" else make_report(version, code, told, where)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def make_report(version: Version, code: str, text: str, locator: str) -> etree._Element:
    """An ows:ExceptionReport. Source: OGC 06-121r9 clause 8 for WFS 2.0; OGC 05-008 clause 8 for WFS 1.1."""
    namespace, location = (OWS, OWS_LOCATION) if version == NEWEST else (OWS_1, OWS_1_LOCATION)
    report = etree.Element(f"{{{namespace}}}ExceptionReport", nsmap={"ows": namespace, "xsi": XSI})
    report.set("version", version)
    report.set(xsi("schemaLocation"), f"{namespace} {location}")
    report.set(XML_LANG if version == NEWEST else "language", "en")
    exception = etree.SubElement(report, f"{{{namespace}}}Exception", {"exceptionCode": code})
    if locator:
        exception.set("locator", locator)
    etree.SubElement(exception, f"{{{namespace}}}ExceptionText").text = text
    return report


def make_old_report(code: str, text: str, locator: str) -> etree._Element:
    """A ServiceExceptionReport. Source: OGC 02-058 clause 7 and its schema OGC-exception.xsd."""
    report = etree.Element(f"{{{OGC}}}ServiceExceptionReport", {"version": "1.2.0"}, nsmap={"ogc": OGC, "xsi": XSI})
    report.set(xsi("schemaLocation"), f"{OGC} {OGC_LOCATION}")
    exception = etree.SubElement(report, f"{{{OGC}}}ServiceException", {"code": code})
    if locator:
        exception.set("locator", locator)
    exception.text = text
    return report


def to_xml_text(text: str) -> str:
    """The text without the characters XML cannot hold; it may quote what a caller sent."""
    return "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text)
