"""Names the protocol fixes: namespaces, versions, formats, the one stored query."""

from collections.abc import Mapping

from gis_infra.features.formats.gml.dialects import GML31, GML32
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX

VERSION = "2.0.0"
WFS = "http://www.opengis.net/wfs/2.0"
FES = "http://www.opengis.net/fes/2.0"
OWS = "http://www.opengis.net/ows/1.1"
WFS_1 = "http://www.opengis.net/wfs"
OWS_1 = "http://www.opengis.net/ows"
OGC = "http://www.opengis.net/ogc"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

WFS_LOCATION = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
WFS_1_1_LOCATION = "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd"
WFS_1_0_LOCATION = "http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd"
OWS_LOCATION = "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"
OWS_1_LOCATION = "http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd"
OGC_LOCATION = "http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd"

# QGIS knows the elements of capabilities only with prefix wfs or with none.
NAMESPACES: Mapping[str, str] = {
    "wfs": WFS, "ows": OWS, "fes": FES, "gml": GML32.namespace, "xlink": XLINK, "xsi": XSI, PREFIX: NAMESPACE,
}  # fmt: skip
NAMESPACES_1_1: Mapping[str, str] = {
    "wfs": WFS_1, "ows": OWS_1, "ogc": OGC, "gml": GML31.namespace, "xlink": XLINK, "xsi": XSI, PREFIX: NAMESPACE,
}  # fmt: skip
NAMESPACES_1_0: Mapping[str, str] = {"wfs": WFS_1, "ogc": OGC, "xsi": XSI, PREFIX: NAMESPACE}


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


def wfs_1(local: str) -> str:
    """A name of WFS 1.1 and 1.0, which share a namespace."""
    return f"{{{WFS_1}}}{local}"


def ows_1(local: str) -> str:
    """A name of OWS Common 1.0."""
    return f"{{{OWS_1}}}{local}"


def ogc(local: str) -> str:
    """A name of Filter Encoding 1.1 and 1.0, and of the exceptions of WFS 1.0."""
    return f"{{{OGC}}}{local}"


def xlink(local: str) -> str:
    """A name of XLink."""
    return f"{{{XLINK}}}{local}"


def xsi(local: str) -> str:
    """A name of XML Schema's instance namespace."""
    return f"{{{XSI}}}{local}"
