"""XML filters of OGC (Filter Encoding 2.0, Filter 1.1 and 1.0) into the one tree.

The three versions differ in names, not in meaning, so elements are known by their local name. What the standard has
and this program has not is refused by name.
"""

from collections.abc import Callable, Mapping

from lxml import etree

from gis_infra.filters.cql2.calls import require_bounded
from gis_infra.filters.fes import comparisons, relations, times
from gis_infra.filters.fes.document import XmlLimits, get_local_name, parse_xml
from gis_infra.filters.fes.frames import FilterFrame, UnsupportedFilter, refuse, refuse_id
from gis_infra.filters.fes.values import parse_resource_id
from gis_infra.filters.tree import And, Condition, IdIn, Not, Or

LIMITS = XmlLimits(size=1_000_000, depth=64, elements=10_000)
ID_ATTRIBUTES = ("rid", "fid", "{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id", "id")


def parse_filter(text: str, frame: FilterFrame) -> Condition:
    """The condition that a filter says, literals typed by the layer's properties.

    text: a Filter element as XML, in any of the three versions.
    Raises InvalidParameter (UnsupportedFilter for operators that are not here), UnknownProperty, InvalidCrs and
    InvalidBbox.
    Source: OGC 09-026r2; OGC 04-095; OGC 02-059.
    """
    return read_filter(parse_xml(text.encode(), "filter", LIMITS), frame)


def read_filter(root: etree._Element, frame: FilterFrame) -> Condition:
    """The condition of a Filter element: one condition, or any number of feature ids. Raises as `parse_filter` does."""
    if get_local_name(root) != "Filter":
        raise refuse(f"filter must be a Filter element, got {get_local_name(root)}")
    conditions = [read_condition(child, frame) for child in root]
    if conditions and all(get_local_name(child) in ID_NAMES for child in root):
        return conditions[0] if len(conditions) == 1 else gather_ids(conditions)
    if len(conditions) != 1:
        raise refuse(f"filter must hold one condition or feature ids, got {len(conditions)} conditions")
    require_bounded(conditions[0])
    return conditions[0]


def gather_ids(conditions: list[Condition]) -> Condition:
    """Several feature ids as one condition; in a join, those of each of its layers."""
    ids: dict[str, list[int]] = {}
    for each in conditions:
        if isinstance(each, IdIn):
            ids.setdefault(each.of, []).extend(each.ids)
    found = [IdIn(tuple(numbers), of) for of, numbers in ids.items()]
    return found[0] if len(found) == 1 else Or(tuple(found))


def read_condition(element: etree._Element, frame: FilterFrame) -> Condition:
    """The condition of one element. Raises UnsupportedFilter if it is none that is known."""
    name = get_local_name(element)
    read = READERS.get(name)
    if read is None:
        known = ", ".join(READERS)
        raise UnsupportedFilter(f"{name} is not supported in a filter; these are: {known}", where="filter")
    return read(element, frame)


def read_and(element: etree._Element, frame: FilterFrame) -> Condition:
    """All the parts."""
    return And(tuple(read_condition(child, frame) for child in get_parts(element)))


def read_or(element: etree._Element, frame: FilterFrame) -> Condition:
    """Any of the parts."""
    return Or(tuple(read_condition(child, frame) for child in get_parts(element)))


def read_not(element: etree._Element, frame: FilterFrame) -> Condition:
    """The contrary of the one part. Raises InvalidParameter for any other number."""
    if len(element) != 1:
        raise refuse(f"Not holds one condition, got {len(element)}")
    return Not(read_condition(element[0], frame))


def get_parts(element: etree._Element) -> etree._Element:
    """The element, whose children are conditions. Raises InvalidParameter if it has none."""
    if not len(element):
        raise refuse(f"{get_local_name(element)} holds no condition")
    return element


def read_ids(element: etree._Element, frame: FilterFrame) -> Condition:
    """The feature of an id; none when the id is of another layer or of no feature at all.

    Raises InvalidParameter for one of another layer where the frame wants it refused.
    """
    written = next((element.get(name) for name in ID_ATTRIBUTES if element.get(name) is not None), None)
    if written is None:
        raise refuse(f"{get_local_name(element)} has no id")
    found = parse_resource_id(written)
    if found is None:
        return IdIn(())
    if frame.joined:
        return Or(tuple(IdIn((found[1],), of) for of, layer in frame.joined.items() if layer.id == found[0]))
    if frame.refuse_other_ids and found[0] != frame.layer.id:
        raise refuse_id(written, frame.layer.id)
    return IdIn((found[1],) if found[0] == frame.layer.id else ())


ID_NAMES = ("ResourceId", "FeatureId", "GmlObjectId")
READERS: Mapping[str, Callable[[etree._Element, FilterFrame], Condition]] = {
    "And": read_and,
    "Or": read_or,
    "Not": read_not,
    **comparisons.READERS,
    **relations.READERS,
    **times.READERS,
    **dict.fromkeys(ID_NAMES, read_ids),
}
