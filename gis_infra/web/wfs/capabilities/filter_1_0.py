"""What a filter may say, as Filter Encoding 1.0 declares it. Source: OGC 02-059 clause 15."""

from lxml import etree

from gis_infra.filters.fes import relations
from gis_infra.filters.functions import DEFINITIONS
from gis_infra.web.wfs.capabilities.elements import add
from gis_infra.web.wfs.names import ogc

# The schema of this version writes one name in its own way.
SPELLINGS = {"Intersects": "Intersect"}


def add_filters(root: etree._Element) -> None:
    """The section Filter_Capabilities."""
    section = add(root, ogc("Filter_Capabilities"))
    operators = add(add(section, ogc("Spatial_Capabilities")), ogc("Spatial_Operators"))
    for name in relations.READERS:
        add(operators, ogc(SPELLINGS.get(name, name)))
    scalar = add(section, ogc("Scalar_Capabilities"))
    add(scalar, ogc("Logical_Operators"))
    comparisons = add(scalar, ogc("Comparison_Operators"))
    for name in ("Simple_Comparisons", "Like", "Between", "NullCheck"):
        add(comparisons, ogc(name))
    arithmetic = add(scalar, ogc("Arithmetic_Operators"))
    add(arithmetic, ogc("Simple_Arithmetic"))
    names = add(add(arithmetic, ogc("Functions")), ogc("Function_Names"))
    for each in DEFINITIONS:
        add(names, ogc("Function_Name"), each.name, nArgs=str(len(each.arguments)))
