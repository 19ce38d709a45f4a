"""What the service says it can: operations, constraints, parameters. One table each; all of it is so.

`docs/wfs.md` says where each is tested, and a test holds the two together. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gis_infra.web.wfs.capabilities.description import ServiceDescription
from gis_infra.web.wfs.formats import list_output_formats, list_schema_formats
from gis_infra.web.wfs.requests.versions import NEWEST, VERSIONS, Version

DOCUMENT_FORMATS = ("text/xml", "application/xml")
QUERY_LANGUAGES = ("urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression",)
SECTIONS: Mapping[Version, tuple[str, ...]] = {
    "2.0.0": (
        *("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList"),
        "Filter_Capabilities",
    ),
    "1.1.0": (
        *("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList"),
        "Filter_Capabilities",
    ),
    "1.0.0": (),
}


@dataclass(frozen=True)
class DeclaredOperation:
    """An operation, as capabilities list it.

    methods: of HTTP. for_editors: whether it is listed only to those who may change something: QGIS opens every
    layer for editing as soon as it finds Transaction.
    """

    name: str
    versions: tuple[Version, ...] = VERSIONS
    methods: tuple[str, ...] = ("Get", "Post")
    for_editors: bool = False


OPERATIONS = (
    DeclaredOperation("GetCapabilities"),
    DeclaredOperation("DescribeFeatureType"),
    DeclaredOperation("GetFeature"),
    DeclaredOperation("GetPropertyValue", (NEWEST,)),
    DeclaredOperation("Transaction", methods=("Post",), for_editors=True),
    DeclaredOperation("LockFeature", for_editors=True),
    DeclaredOperation("GetFeatureWithLock", for_editors=True),
    DeclaredOperation("ListStoredQueries", (NEWEST,)),
    DeclaredOperation("DescribeStoredQueries", (NEWEST,)),
    DeclaredOperation("CreateStoredQuery", (NEWEST,), ("Post",), for_editors=True),
    DeclaredOperation("DropStoredQuery", (NEWEST,), for_editors=True),
)


def list_operations(service: ServiceDescription, version: Version) -> tuple[DeclaredOperation, ...]:
    """The operations of a version that the actor may use."""
    return tuple(each for each in OPERATIONS if version in each.versions and (service.may_edit or not each.for_editors))


def list_constraints(operations: Sequence[DeclaredOperation]) -> Mapping[str, bool]:
    """The conformance classes of WFS 2.0, and which of them hold. Source: OGC 09-025r2 table 13."""
    names = {each.name for each in operations}
    return {
        "ImplementsSimpleWFS": True,
        "ImplementsBasicWFS": "GetPropertyValue" in names,
        "ImplementsTransactionalWFS": "Transaction" in names,
        "ImplementsLockingWFS": names.issuperset({"LockFeature", "GetFeatureWithLock", "Transaction"}),
        "KVPEncoding": True,
        "XMLEncoding": True,
        "SOAPEncoding": False,
        "ImplementsInheritance": True,
        "ImplementsRemoteResolve": False,
        "ImplementsResultPaging": True,
        "ImplementsStandardJoins": True,
        "ImplementsSpatialJoins": True,
        "ImplementsTemporalJoins": True,
        "ImplementsFeatureVersioning": False,
        "ManageStoredQueries": names.issuperset({"CreateStoredQuery", "DropStoredQuery"}),
    }


def list_parameters(name: str, version: Version) -> Mapping[str, Sequence[str]]:
    """The parameters of an operation that have a list of values, and the values. Source: OGC 09-025r2 table 15."""
    found: dict[str, Sequence[str]] = {}
    if name == "GetCapabilities":
        found |= {"AcceptVersions": VERSIONS, "AcceptFormats": DOCUMENT_FORMATS, "Sections": SECTIONS[version]}
    if name in {"GetFeature", "GetPropertyValue"}:
        found["resultType"] = ("results", "hits")
    if name in {"LockFeature", "GetFeatureWithLock"}:
        found["lockAction"] = ("ALL", "SOME")
    if name == "GetFeature":
        found["outputFormat"] = list_output_formats(version)
    if name in {"DescribeFeatureType", "GetFeatureWithLock"}:
        found["outputFormat"] = list_schema_formats(version)
    if name in {"GetFeature", "GetPropertyValue", "GetFeatureWithLock"} and version == NEWEST:
        found["resolve"] = ("none", "local")
    if name == "Transaction":
        found |= {"inputFormat": list_schema_formats(version), "releaseAction": ("ALL", "SOME")}
        found |= {"idgen": ("GenerateNew",)} if version == "1.1.0" else {}
    if name == "CreateStoredQuery":
        found["language"] = QUERY_LANGUAGES
    return found
