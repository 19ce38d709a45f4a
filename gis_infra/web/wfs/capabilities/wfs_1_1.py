"""The capabilities of WFS 1.1.0. Source: OGC 04-094 clause 13 and OGC 05-008 clause 7.4."""

from collections.abc import Sequence

from lxml import etree

from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.features.locks.taking import DURATION_S
from gis_infra.spatial import crs
from gis_infra.web.wfs.capabilities.declared import DeclaredOperation, list_operations, list_parameters
from gis_infra.web.wfs.capabilities.description import ServiceDescription, TypeEntry
from gis_infra.web.wfs.capabilities.elements import add, add_all, make_root, to_corners
from gis_infra.web.wfs.capabilities.filter_1_1 import add_filters
from gis_infra.web.wfs.formats import list_output_formats
from gis_infra.web.wfs.names import NAMESPACES_1_1, WFS_1, WFS_1_1_LOCATION, ows_1, wfs_1, xlink
from gis_infra.web.wfs.requests.versions import VERSIONS, Version

VERSION: Version = "1.1.0"


def make_document(service: ServiceDescription) -> etree._Element:
    """The root of the whole document, without its updateSequence."""
    root = make_root(wfs_1("WFS_Capabilities"), NAMESPACES_1_1, f"{WFS_1} {WFS_1_1_LOCATION}", VERSION)
    add_identification(root, service)
    add_provider(root, service)
    add_operations(root, service)
    if service.types:  # the schema knows no list without a type
        types = add(root, wfs_1("FeatureTypeList"))
        add_all(add(types, wfs_1("Operations")), wfs_1("Operation"), ("Query",))
        for entry in service.types:
            add_type(types, entry, service)
    add_filters(root)
    return root


def add_identification(root: etree._Element, service: ServiceDescription) -> None:
    """What the service is."""
    section = add(root, ows_1("ServiceIdentification"))
    add(section, ows_1("Title"), service.title)
    add(section, ows_1("Abstract"), service.abstract)
    add_all(add(section, ows_1("Keywords")), ows_1("Keyword"), service.keywords)
    add(section, ows_1("ServiceType"), "WFS")
    add_all(section, ows_1("ServiceTypeVersion"), (VERSION, *(each for each in VERSIONS if each != VERSION)))
    add(section, ows_1("Fees"), "NONE")
    add(section, ows_1("AccessConstraints"), service.terms)


def add_provider(root: etree._Element, service: ServiceDescription) -> None:
    """Who runs the service."""
    section = add(root, ows_1("ServiceProvider"))
    add(section, ows_1("ProviderName"), service.city_name)
    add(section, ows_1("ProviderSite"), **{xlink("href"): f"{service.origin}/"})
    add(section, ows_1("ServiceContact"))


def add_operations(root: etree._Element, service: ServiceDescription) -> None:
    """The operations, their addresses and the constraints of the service."""
    section = add(root, ows_1("OperationsMetadata"))
    operations = list_operations(service, VERSION)
    for each in operations:
        add_operation(section, each, service.address)
    if any(each.name == "LockFeature" for each in operations):
        add_values(section, "Constraint", "DefaultLockExpiry", (str(DURATION_S // 60),))  # in minutes
    add_values(section, "Constraint", "DefaultMaxFeatures", (str(service.max_page),))


def add_operation(section: etree._Element, operation: DeclaredOperation, address: str) -> None:
    """One operation."""
    element = add(section, ows_1("Operation"), name=operation.name)
    http = add(add(element, ows_1("DCP")), ows_1("HTTP"))
    for method in operation.methods:
        add(http, ows_1(method), **{xlink("href"): address})
    for name, values in list_parameters(operation.name, VERSION).items():
        add_values(element, "Parameter", name, values)


def add_values(element: etree._Element, kind: str, name: str, values: Sequence[str]) -> None:
    """A parameter or constraint and the values it may have."""
    add_all(add(element, ows_1(kind), name=name), ows_1("Value"), values)


def add_type(section: etree._Element, entry: TypeEntry, service: ServiceDescription) -> None:
    """One feature type, with what the actor may do to it."""
    element = etree.SubElement(section, wfs_1("FeatureType"), nsmap={PREFIX: NAMESPACE})
    add(element, wfs_1("Name"), entry.name)
    add(element, wfs_1("Title"), entry.layer.title.vi)
    add(element, wfs_1("Abstract"), entry.summary)
    add_all(add(element, ows_1("Keywords")), ows_1("Keyword"), service.list_keywords(entry.layer))
    add(element, wfs_1("DefaultSRS"), crs.to_urn(service.srids[0]))
    add_all(element, wfs_1("OtherSRS"), map(crs.to_urn, service.srids[1:]))
    add_all(add(element, wfs_1("Operations")), wfs_1("Operation"), list_type_operations(entry, service))
    add_all(add(element, wfs_1("OutputFormats")), wfs_1("Format"), list_output_formats(VERSION))
    # The standard wants a box of every type; one that has no features yet will have them in the city.
    lower, upper = to_corners(entry.extent or service.extent)
    box = add(element, ows_1("WGS84BoundingBox"))
    add(box, ows_1("LowerCorner"), lower)
    add(box, ows_1("UpperCorner"), upper)


def list_type_operations(entry: TypeEntry, service: ServiceDescription, version: Version = VERSION) -> tuple[str, ...]:
    """What the actor may do to a type, by the names that 1.1.0 and 1.0.0 have for it."""
    offered = {each.name for each in list_operations(service, version)}
    changes = ("Insert", "Update", "Delete") if entry.may_edit and "Transaction" in offered else ()
    locks = ("Lock",) if entry.may_edit and "LockFeature" in offered else ()
    return ("Query", *changes, *locks)
