"""What a filter may say, as FES 2.0 declares it. The names come from the readers themselves, so they are read.

Source: OGC 09-026r2 clause 7.13.
"""

from collections.abc import Mapping, Sequence

from lxml import etree

from gis_infra.filters.fes import comparisons, relations, times
from gis_infra.filters.functions import DEFINITIONS, ArgumentKind, FunctionDefinition
from gis_infra.web.wfs.capabilities.elements import add, to_flag
from gis_infra.web.wfs.names import fes, ows

# Source: OGC 09-026r2 table 1.
CONFORMANCE: Mapping[str, bool] = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": True,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": True,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": True,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": True,
}
GEOMETRY_OPERANDS = (
    *("gml:Envelope", "gml:Point", "gml:LineString", "gml:Curve", "gml:Polygon", "gml:Surface"),
    *("gml:MultiPoint", "gml:MultiCurve", "gml:MultiSurface", "gml:MultiGeometry"),
)
# One operator of the standard is missing from the names that its schema allows here; it is read all the same.
TIME_OPERATORS = tuple(name for name in times.READERS if name != "AnyInteracts")
TIME_OPERANDS = ("gml:TimeInstant", "gml:TimePeriod")
# An argument that takes several kinds is declared with the widest of them, which stands last.
TYPES: Mapping[ArgumentKind, str] = {
    "text": "xsd:string", "integer": "xsd:long", "number": "xsd:double", "boolean": "xsd:boolean", "date": "xsd:date",
    "timestamp": "xsd:dateTime", "geometry": "gml:AbstractGeometryType",
}  # fmt: skip


def add_filters(root: etree._Element) -> None:
    """The section Filter_Capabilities."""
    section = add(root, fes("Filter_Capabilities"))
    conformance = add(section, fes("Conformance"))
    for name, holds in CONFORMANCE.items():
        constraint = add(conformance, fes("Constraint"), name=name)
        add(constraint, ows("NoValues"))
        add(constraint, ows("DefaultValue"), to_flag(holds))
    add(add(section, fes("Id_Capabilities")), fes("ResourceIdentifier"), name="fes:ResourceId")
    scalar = add(section, fes("Scalar_Capabilities"))
    add(scalar, fes("LogicalOperators"))
    add_named(scalar, "Comparison", "Operator", tuple(comparisons.READERS))
    spatial = add(section, fes("Spatial_Capabilities"))
    add_named(spatial, "Geometry", "Operand", GEOMETRY_OPERANDS)
    add_named(spatial, "Spatial", "Operator", tuple(relations.READERS))
    temporal = add(section, fes("Temporal_Capabilities"))
    add_named(temporal, "Temporal", "Operand", TIME_OPERANDS)
    add_named(temporal, "Temporal", "Operator", TIME_OPERATORS)
    functions = add(section, fes("Functions"))
    for each in DEFINITIONS:
        add_function(functions, each)


def add_named(section: etree._Element, kind: str, what: str, names: Sequence[str]) -> None:
    """A list such as SpatialOperators, of elements that have a name and nothing else."""
    listed = add(section, fes(f"{kind}{what}s"))
    for name in names:
        add(listed, fes(f"{kind}{what}"), name=name)


def add_function(section: etree._Element, function: FunctionDefinition) -> None:
    """One function: what it gives and what it takes."""
    element = add(section, fes("Function"), name=function.name)
    add(element, fes("Returns"), TYPES[function.returns])
    arguments = add(element, fes("Arguments"))
    for each in function.arguments:
        add(add(arguments, fes("Argument"), name=each.name), fes("Type"), TYPES[each.kinds[-1]])
