"""The capabilities of WFS 2.0.0. Source: OGC 09-025r2 clause 8.3.

The hrefs are used literally by clients, so they must be the address the client can reach.
"""

from collections.abc import Sequence

from lxml import etree

from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.spatial import crs
from gis_infra.web.wfs.capabilities.declared import (
    DeclaredOperation,
    list_constraints,
    list_operations,
    list_parameters,
)
from gis_infra.web.wfs.capabilities.description import ServiceDescription, TypeEntry
from gis_infra.web.wfs.capabilities.elements import add, add_all, make_root, to_corners, to_flag
from gis_infra.web.wfs.capabilities.fes_2_0 import add_filters
from gis_infra.web.wfs.formats import list_output_formats
from gis_infra.web.wfs.names import NAMESPACES, WFS, WFS_LOCATION, XML_LANG, XSD, ows, wfs, xlink
from gis_infra.web.wfs.requests.versions import NEWEST, VERSIONS


def make_document(service: ServiceDescription) -> etree._Element:
    """The root of the whole document, without its updateSequence."""
    names = {**NAMESPACES, "xsd": XSD}
    root = make_root(wfs("WFS_Capabilities"), names, f"{WFS} {WFS_LOCATION}", NEWEST)
    add_identification(root, service)
    add_provider(root, service)
    add_operations(root, service)
    types = add(root, wfs("FeatureTypeList"))
    for entry in service.types:
        add_type(types, entry, service)
    add_filters(root)
    return root


def add_identification(root: etree._Element, service: ServiceDescription) -> None:
    """What the service is."""
    section = add(root, ows("ServiceIdentification"))
    add(section, ows("Title"), service.title)
    add(section, ows("Abstract"), service.abstract)
    add_all(add(section, ows("Keywords")), ows("Keyword"), service.keywords)
    add(section, ows("ServiceType"), "WFS")
    add_all(section, ows("ServiceTypeVersion"), VERSIONS)
    add(section, ows("Fees"), "NONE")
    add(section, ows("AccessConstraints"), service.terms)


def add_provider(root: etree._Element, service: ServiceDescription) -> None:
    """Who runs the service."""
    section = add(root, ows("ServiceProvider"))
    add(section, ows("ProviderName"), service.city_name)
    add(section, ows("ProviderSite"), **{xlink("href"): f"{service.origin}/"})
    add(section, ows("ServiceContact"))


def add_operations(root: etree._Element, service: ServiceDescription) -> None:
    """The operations, their addresses and the constraints of the service."""
    section = add(root, ows("OperationsMetadata"))
    operations = list_operations(service, NEWEST)
    for each in operations:
        add_operation(section, each, service.address)
    add_values(add(section, ows("Parameter"), name="version"), VERSIONS)
    for name, holds in list_constraints(operations).items():
        add_constraint(section, name, to_flag(holds))
    add_constraint(section, "CountDefault", str(service.max_page))
    add_constraint(section, "PagingIsTransactionSafe", to_flag(holds=False))
    add_values(add(section, ows("Constraint"), name="QueryExpressions"), ("wfs:Query", "wfs:StoredQuery"))


def add_operation(section: etree._Element, operation: DeclaredOperation, address: str) -> None:
    """One operation."""
    element = add(section, ows("Operation"), name=operation.name)
    http = add(add(element, ows("DCP")), ows("HTTP"))
    for method in operation.methods:
        add(http, ows(method), **{xlink("href"): address})
    for name, values in list_parameters(operation.name, NEWEST).items():
        add_values(add(element, ows("Parameter"), name=name), values)


def add_values(element: etree._Element, values: Sequence[str]) -> None:
    """The values a parameter or a constraint may have, the default first."""
    add_all(add(element, ows("AllowedValues")), ows("Value"), values)
    add(element, ows("DefaultValue"), values[0])


def add_constraint(section: etree._Element, name: str, value: str) -> None:
    """A constraint of the service with its value."""
    constraint = add(section, ows("Constraint"), name=name)
    add(constraint, ows("NoValues"))
    add(constraint, ows("DefaultValue"), value)


def add_type(section: etree._Element, entry: TypeEntry, service: ServiceDescription) -> None:
    """One feature type. QGIS looks for the binding of its prefix on the element itself."""
    layer = entry.layer
    element = etree.SubElement(section, wfs("FeatureType"), nsmap={PREFIX: NAMESPACE})
    add(element, wfs("Name"), entry.name)
    for name, text in (("Title", layer.title), ("Abstract", layer.description)):
        if text is not None:
            add(element, wfs(name), text.vi, **{XML_LANG: "vi"})
            add(element, wfs(name), text.en, **{XML_LANG: "en"})
    add_all(add(element, ows("Keywords")), ows("Keyword"), service.list_keywords(layer))
    add(element, wfs("DefaultCRS"), crs.to_urn(service.srids[0]))
    add_all(element, wfs("OtherCRS"), map(crs.to_urn, service.srids[1:]))
    add_all(add(element, wfs("OutputFormats")), wfs("Format"), list_output_formats(NEWEST))
    if entry.extent is not None:
        lower, upper = to_corners(entry.extent)
        box = add(element, ows("WGS84BoundingBox"))
        add(box, ows("LowerCorner"), lower)
        add(box, ows("UpperCorner"), upper)
    add(element, wfs("MetadataURL"), **{xlink("href"): f"{service.origin}/ogc/collections/{layer.id}"})
