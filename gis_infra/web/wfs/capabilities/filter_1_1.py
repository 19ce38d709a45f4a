"""What a filter may say, as Filter Encoding 1.1 declares it. Source: OGC 04-095 clause 17."""

from lxml import etree

from gis_infra.filters.fes import relations
from gis_infra.filters.functions import DEFINITIONS
from gis_infra.web.wfs.capabilities.elements import add, add_all
from gis_infra.web.wfs.names import ogc

# The geometries of the schema's list that are read; those of several parts have no name there.
GEOMETRY_OPERANDS = ("gml:Envelope", "gml:Point", "gml:LineString", "gml:Polygon")
COMPARISONS = (
    *("LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "EqualTo", "NotEqualTo"),
    *("Like", "Between", "NullCheck"),
)


def add_filters(root: etree._Element) -> None:
    """The section Filter_Capabilities."""
    section = add(root, ogc("Filter_Capabilities"))
    spatial = add(section, ogc("Spatial_Capabilities"))
    add_all(add(spatial, ogc("GeometryOperands")), ogc("GeometryOperand"), GEOMETRY_OPERANDS)
    operators = add(spatial, ogc("SpatialOperators"))
    for name in relations.READERS:
        add(operators, ogc("SpatialOperator"), name=name)
    scalar = add(section, ogc("Scalar_Capabilities"))
    add(scalar, ogc("LogicalOperators"))
    add_all(add(scalar, ogc("ComparisonOperators")), ogc("ComparisonOperator"), COMPARISONS)
    arithmetic = add(scalar, ogc("ArithmeticOperators"))
    add(arithmetic, ogc("SimpleArithmetic"))
    names = add(add(arithmetic, ogc("Functions")), ogc("FunctionNames"))
    for each in DEFINITIONS:
        add(names, ogc("FunctionName"), each.name, nArgs=str(len(each.arguments)))
    ids = add(section, ogc("Id_Capabilities"))
    add(ids, ogc("EID"))
    add(ids, ogc("FID"))
