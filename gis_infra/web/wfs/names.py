"""Names the protocol fixes: namespaces, versions, formats, the one stored query."""

from collections.abc import Mapping

from gis_infra.features.formats.gml.dialects import GML32
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX

VERSION = "2.0.0"
WFS = "http://www.opengis.net/wfs/2.0"
FES = "http://www.opengis.net/fes/2.0"
OWS = "http://www.opengis.net/ows/1.1"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

WFS_LOCATION = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
OWS_LOCATION = "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"

# QGIS knows the elements of capabilities only with prefix wfs or with none.
NAMESPACES: Mapping[str, str] = {
    "wfs": WFS, "ows": OWS, "fes": FES, "gml": GML32.namespace, "xlink": XLINK, "xsi": XSI, PREFIX: NAMESPACE,
}  # fmt: skip

GML_FORMAT = "application/gml+xml; version=3.2"
JSON_FORMAT = "application/json"
OUTPUT_FORMATS = (GML_FORMAT, "text/xml; subtype=gml/3.2", "text/xml; subtype=gml/3.2.1", JSON_FORMAT)

GET_FEATURE_BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
GET_FEATURE_BY_ID_NAMES = frozenset(
    {GET_FEATURE_BY_ID, "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"}
)  # fmt: skip


def wfs(local: str) -> str:
    """A name of WFS 2.0."""
    return f"{{{WFS}}}{local}"


def fes(local: str) -> str:
    """A name of Filter Encoding 2.0."""
    return f"{{{FES}}}{local}"


def ows(local: str) -> str:
    """A name of OWS Common 1.1."""
    return f"{{{OWS}}}{local}"


def xlink(local: str) -> str:
    """A name of XLink."""
    return f"{{{XLINK}}}{local}"


def xsi(local: str) -> str:
    """A name of XML Schema's instance namespace."""
    return f"{{{XSI}}}{local}"
