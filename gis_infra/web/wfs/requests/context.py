"""One request as every operation gets it: in which version, what was asked, and the XML if it was posted as XML."""

from dataclasses import dataclass

from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.web.wfs.faults import MissingParameter
from gis_infra.web.wfs.requests.parameters import Parameters
from gis_infra.web.wfs.requests.versions import Version, negotiate, require_version


@dataclass(frozen=True)
class Request:
    """A request, before its operation reads it.

    version: by whose rules it is read and in which it is answered, its reports too. operation: in small letters.
    parameters: as the URL has them; of a posted document the same, where they can be said in a URL.
    root: of the posted document; None of a URL and of a form.
    origin: the parameters as the client has them, where others were put in their place; for the links to other pages.
    """

    version: Version
    operation: str
    parameters: Parameters
    root: etree._Element | None = None
    origin: Parameters | None = None


def make_request(parameters: Parameters, root: etree._Element | None = None) -> Request:
    """The request that parameters say. root: of the document they were read from, if they were.

    Raises MissingParameter, InvalidParameter, VersionNotSpoken.
    """
    if not parameters.values:
        message = "parameter request is missing; a client begins with ?service=WFS&request=GetCapabilities"
        raise MissingParameter(message, where="request")
    operation = parameters.require("REQUEST").lower()
    service = parameters.require("SERVICE")
    if service.upper() != "WFS":
        raise InvalidParameter(f"service must be WFS, got {service[:40]!r}", where="service")
    version = negotiate(parameters) if operation == "getcapabilities" else require_version(parameters)
    return Request(version, operation, parameters, root)
