"""A filter written from any condition means that condition: FES out by a slow writer here, FES in by the reader."""

from datetime import UTC, date, datetime

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gis_infra.filters import tree
from gis_infra.filters.fes import COMPARISONS, FilterFrame, parse_filter
from gis_infra.filters.tree import (
    And,
    Between,
    Casei,
    Comparison,
    IdIn,
    InBox,
    IsNull,
    Like,
    Literal,
    Not,
    Or,
    Property,
    Shape,
    Spatial,
)
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import CrsReference
from tests.unit.filters.hydrant import LAYER

FRAME = FilterFrame(LAYER, CrsReference(9210, swap_axes=False))
NAMES = {operator: name for name, operator in COMPARISONS.items()}
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f\x85"), max_size=8)
METRES = st.integers(-1_000_000, 1_000_000).map(lambda number: number / 8)


def pick_values(name):
    """Values of the property of that name."""
    moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda each: each.replace(tzinfo=UTC))
    return {
        "diameter": st.integers(-(2**63) + 1, 2**63 - 1),
        "flow": st.floats(allow_nan=False, allow_infinity=False),
        "open": st.booleans(),
        "built": st.dates(),
        "seen": moments,
        "name": TEXT,
    }[name]


PROPERTY_NAMES = st.sampled_from(["diameter", "flow", "open", "built", "seen", "name"])


@st.composite
def draw_boxes(draw):
    west, south, width, height = draw(METRES), draw(METRES), abs(draw(METRES)), abs(draw(METRES))
    return InBox(Bbox(west, south, west + width, south + height, draw(st.sampled_from([9210, 4326, 3857]))))


@st.composite
def draw_shapes(draw):
    x, y, size = draw(METRES), draw(METRES), draw(st.integers(1, 1000))
    operator = draw(
        st.sampled_from(["intersects", "disjoint", "within", "contains", "touches", "crosses", "overlaps", "equals"])
    )
    shape = draw(st.sampled_from([
        shapely.Point(x, y),
        shapely.LineString([(x, y), (x + size, y), (x, y + size)]),
        shapely.Polygon([(x, y), (x + size, y), (x, y + size)]),
    ]))  # fmt: skip
    return Spatial(operator, Property("geom"), Shape(shapely.to_wkb(shape), draw(st.sampled_from([9210, 4326]))))


@st.composite
def draw_comparisons(draw):
    name = draw(PROPERTY_NAMES)
    value = draw(pick_values(name))
    match draw(st.sampled_from(["compare", "between", "null", "like", "id"])):
        case "compare":
            match_case = name != "name" or draw(st.booleans())
            return tree.compare(name, draw(st.sampled_from(list(NAMES))), value, match_case=match_case)
        case "between":
            return Between(Property(name), Literal(value), Literal(draw(pick_values(name))))
        case "null":
            return IsNull(Property(name))
        case "like":
            like = Like(Property("name"), Literal(draw(st.text("ab%_", max_size=6))))
            return like if draw(st.booleans()) else Like(Casei(like.text), Casei(like.pattern))
        case _:
            return IdIn((draw(st.integers(1, 2**63 - 1)),))


CONDITIONS = st.recursive(
    draw_comparisons() | draw_boxes() | draw_shapes(),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda each: And(tuple(each))),
        st.lists(parts, min_size=1, max_size=4).map(lambda each: Or(tuple(each))),
        parts.map(Not),
    ),
    max_leaves=12,
)


def write(condition, parent):
    """Add a condition to an element as FES 2.0: the reader's contrary, written without looking at it."""
    match condition:
        case And(parts) | Or(parts):
            element = etree.SubElement(parent, type(condition).__name__)
            for part in parts:
                write(part, element)
        case Not(part):
            write(part, etree.SubElement(parent, "Not"))
        case Comparison(Casei(Property(name)), operator, Casei(Literal(value))):
            add_operands(etree.SubElement(parent, NAMES[operator], matchCase="false"), name, value)
        case Comparison(Property(name), operator, Literal(value)):
            add_operands(etree.SubElement(parent, NAMES[operator], matchCase="true"), name, value)
        case Between(Property(name), Literal(low), Literal(high)):
            element = etree.SubElement(parent, "PropertyIsBetween")
            etree.SubElement(element, "ValueReference").text = name
            for bound, value in (("LowerBoundary", low), ("UpperBoundary", high)):
                etree.SubElement(etree.SubElement(element, bound), "Literal").text = to_text(value)
        case Like(Casei(Property(name)), Casei(Literal(pattern))):
            signs = {"wildCard": "%", "singleChar": "_", "escapeChar": "\\", "matchCase": "false"}
            add_operands(etree.SubElement(parent, "PropertyIsLike", signs), name, pattern)
        case Like(Property(name), Literal(pattern)):
            signs = {"wildCard": "%", "singleChar": "_", "escapeChar": "\\"}
            add_operands(etree.SubElement(parent, "PropertyIsLike", signs), name, pattern)
        case IsNull(Property(name)):
            etree.SubElement(etree.SubElement(parent, "PropertyIsNull"), "ValueReference").text = name
        case IdIn(ids):
            for number in ids:
                etree.SubElement(parent, "ResourceId", rid=f"hydrant.{number}")
        case InBox(box):
            envelope = etree.SubElement(etree.SubElement(parent, "BBOX"), "Envelope", srsName=to_urn(box.srid))
            corners = {"lowerCorner": (box.xmin, box.ymin), "upperCorner": (box.xmax, box.ymax)}
            for name, corner in corners.items():
                etree.SubElement(envelope, name).text = to_positions([corner], box.srid)
        case Spatial(operator, Property(), Shape(wkb, srid)):
            element = etree.SubElement(parent, operator.capitalize())
            etree.SubElement(element, "ValueReference").text = "geom"
            write_shape(shapely.from_wkb(wkb), srid, element)


def add_operands(element, name, value):
    etree.SubElement(element, "ValueReference").text = name
    etree.SubElement(element, "Literal").text = to_text(value)


def to_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def to_urn(srid):
    return f"urn:ogc:def:crs:EPSG::{srid}"


def to_positions(pairs, srid):
    return " ".join(f"{y!r} {x!r}" if srid == 4326 else f"{x!r} {y!r}" for x, y in pairs)


def write_shape(shape, srid, parent):
    element = etree.SubElement(parent, shape.geom_type, srsName=to_urn(srid))
    inner = element
    if shape.geom_type == "Polygon":
        inner = etree.SubElement(etree.SubElement(element, "exterior"), "LinearRing")
        shape = shape.exterior
    etree.SubElement(inner, "posList" if inner is not element or len(shape.coords) > 1 else "pos").text = to_positions(
        shape.coords, srid
    )


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_a_condition_written_as_fes_is_read_back_as_it_was(condition):
    root = etree.Element("Filter")
    write(condition, root)
    assert parse_filter(etree.tostring(root, encoding="unicode"), FRAME) == condition


def test_every_kind_of_condition_that_fes_reads_can_be_written_as_a_filter():
    drawn = {And, Or, Not, Comparison, Between, Like, IsNull, IdIn, InBox, Spatial}
    others = {tree.Truth, tree.In, tree.Near, tree.Temporal, tree.ArrayRelation}  # read from CQL2 alone
    assert drawn | others == set(tree.Condition.__args__)
