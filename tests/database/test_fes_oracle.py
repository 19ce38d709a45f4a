"""Every operator that the capabilities declare finds the rows that plain Python and Shapely find."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import Connection, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.features import joins
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.filters.fes import FilterFrame, comparisons, expressions, parse_filter, read_filter, relations, times
from gis_infra.filters.functions import FUNCTIONS
from gis_infra.spatial.crs import CrsReference
from tests.builders import insert_many
from tests.database import fes_oracle

EAST, NORTH = 603_000, 1_191_000
LAYERS = ("fire_hydrant", "sewer_pipe", "building")
FES = "http://www.opengis.net/fes/2.0"
OGC = "http://www.opengis.net/ogc"
GML = "http://www.opengis.net/gml/3.2"
EPSG_METRE = "urn:ogc:def:uom:EPSG::9001"
NUMBERS = {"nominal_diameter_mm": (100, 150, 200), "outlets": (1, 2, 3), "flow_lps": (0.5, 1.0, 2.5)}
TEXTS = ("abc", "Abc", "trụ a", "Trụ A", "50% _x", "a", "")
DAYS = tuple(date(2024, 1, 1) + timedelta(days=days) for days in (0, 1, 31, 366))
MOMENTS = tuple(datetime(2024, 1, day, hour, tzinfo=UTC) for day in (1, 2) for hour in (0, 12))
SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pick(values, at):
    """One of the values, or, each so often, none."""
    return None if at % (len(values) + 1) == len(values) else values[at % (len(values) + 1)]


def make_hydrants():
    """Thirty points on a grid of ten metres, with values of every type; some have no shape."""
    for n in range(30):
        yield {
            "wkt": None if n % 9 == 8 else f"POINT ({EAST + n % 6 * 10} {NORTH + n // 6 * 10})",
            "asset_code": f"H{n}",
            **{name: pick(values, n * 7 + at) for at, (name, values) in enumerate(NUMBERS.items())},
            "name": pick(TEXTS, n),
            "street": pick(TEXTS, n // 2 + 3),
            "tested_on": pick(DAYS, n * 3),
            "installed_on": pick(DAYS, n * 2 + 1),
            "in_service": pick((True, False), n),
            "kind": pick(("pillar", "wall"), n // 3),
            "updated_at": MOMENTS[n % len(MOMENTS)],
        }


def make_pipes():
    for n in range(12):
        x, y = EAST + n % 4 * 10, NORTH + n // 4 * 10
        yield {"wkt": f"LINESTRING ({x} {y}, {x + 10} {y}, {x + 10} {y + n * 5})", "asset_code": f"S{n}"}


def make_buildings():
    for n in range(9):
        x, y, size = EAST + n % 3 * 15, NORTH + n // 3 * 15, 10 + n % 2 * 5
        ring = f"{x} {y}, {x + size} {y}, {x + size} {y + size}, {x} {y + size}, {x} {y}"
        yield {"wkt": f"MULTIPOLYGON ((({ring})))", "asset_code": f"B{n}"}


@dataclass(frozen=True, repr=False)
class Held:
    """Rows by their layer, and the connection on which they are there."""

    connection: Connection
    rows: dict


@pytest.fixture(scope="module")
def rows(engine, tables):
    """The rows of each layer as the oracle wants them, and the connection they are seen on; all undone afterwards."""
    made = {"fire_hydrant": make_hydrants(), "sewer_pipe": make_pipes(), "building": make_buildings()}
    with engine.connect() as connection:
        transaction = connection.begin()
        for layer, each in made.items():
            insert_many(connection, tables, layer, each)
        yield Held(connection, {layer: read_rows(connection, tables, layer) for layer in LAYERS})
        transaction.rollback()


def read_rows(connection, tables, layer):
    table = tables.get(layer)
    shape = table.c.geom.ST_AsBinary().label("wkb")
    found = connection.execute(select(table, shape).order_by(table.c.id)).mappings().all()
    return [
        {**row, "layer": layer, "geom": None if row["wkb"] is None else shapely.from_wkb(bytes(row["wkb"]))}
        for row in found
    ]


@pytest.fixture
def find(rows, tables, catalogue):
    """A function that gives the ids the program finds by a filter, those the oracle does, and the filter's text."""

    def run(layer_id, element):
        layer, space = catalogue.get_layer(layer_id), etree.QName(element).namespace
        root = etree.Element(f"{{{space}}}Filter", nsmap=NSMAP)
        root.append(element)
        text = etree.tostring(root, encoding="unicode")
        condition = parse_filter(text, FilterFrame(layer, CrsReference(9210, swap_axes=False)))
        query = FeatureQuery(layer, SYSTEM, filter=condition, limit=1000)
        found = [each.id for each in read_page(rows.connection, tables, query).features]
        return found, [row["id"] for row in rows.rows[layer_id] if fes_oracle.judge(element, row) is True], text

    return run


NSMAP = {"fes": FES, "ogc": OGC, "gml": GML}

# -- filters, drawn as XML -------------------------------------------------------------------------------------------


def make(tag, /, *children, text=None, space=FES, **attributes):
    element = etree.Element(f"{{{space}}}{tag}", attributes, nsmap=NSMAP)
    element.text = text
    element.extend(children)
    return element


def refer(name):
    return st.builds(lambda prefix: make("ValueReference", text=prefix + name), st.sampled_from(["", "infra:"]))


def write(value):
    text = str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else None
    return make("Literal", text=text or (value.isoformat() if isinstance(value, date) else str(value)))


def draw_call(name, *arguments):
    return st.tuples(*arguments).map(lambda each: make("Function", *each, name=name))


WHOLE = st.sampled_from([-1, 0, 1, 2, 3, 100, 150, 151, 200])
NUMBER_LITERAL = st.one_of(WHOLE, st.sampled_from([0.5, 1.5, 2.5])).map(write)
TEXT_LITERAL = st.sampled_from([*TEXTS, "ABC", "x", "%"]).map(lambda text: make("Literal", text=text))
TEXT = st.recursive(
    st.sampled_from(["name", "street"]).flatmap(refer),
    lambda inner: st.one_of(
        *(draw_call(name, inner) for name in ("lower", "upper", "trim")),
        draw_call("concat", inner, inner | TEXT_LITERAL),
    ),
    max_leaves=3,
)
DAY = st.sampled_from(["tested_on", "installed_on"]).flatmap(refer)
NUMBER = st.recursive(
    st.one_of(
        st.sampled_from(list(NUMBERS)).flatmap(refer),
        draw_call("length", TEXT),
        *(draw_call(name, DAY | refer("updated_at")) for name in ("year", "month", "day")),
    ),
    lambda inner: st.one_of(
        *(draw_call(name, inner) for name in ("abs", "round", "floor", "ceil")),
        st.builds(
            lambda name, left, right: make(name, left, right),
            st.sampled_from(list(expressions.ARITHMETIC)),
            inner | NUMBER_LITERAL,
            inner | NUMBER_LITERAL,
        ),
    ),
    max_leaves=4,
)
DAY_LITERAL = st.sampled_from([*DAYS, date(2024, 6, 1)]).map(write)
MOMENT_LITERAL = st.sampled_from([*MOMENTS, datetime(2024, 1, 1, 6, tzinfo=UTC)]).map(write)
PAIRS = st.one_of(
    st.tuples(NUMBER, NUMBER | NUMBER_LITERAL),
    st.tuples(TEXT, TEXT | TEXT_LITERAL),
    st.tuples(DAY, DAY | DAY_LITERAL),
    st.tuples(refer("updated_at"), MOMENT_LITERAL),
)


@st.composite
def draw_comparisons(draw):
    name = draw(st.sampled_from(list(fes_oracle.COMPARE)))
    left, right = draw(PAIRS)
    if not is_text(left):
        operands = [left, right] if draw(st.booleans()) else [right, left]
        return make(name, *operands, matchAction=draw(st.sampled_from(["All", "Any", "One"])))
    # The order of texts is that of the database's language, so here they are only equal or not.
    equal = draw(st.sampled_from(["PropertyIsEqualTo", "PropertyIsNotEqualTo"]))
    return make(equal, left, right, matchCase=draw(st.sampled_from(["true", "false"])))


def is_text(element):
    name = element.get("name") or (element.text or "").rpartition(":")[2]
    return name in {"name", "street", "lower", "upper", "trim", "concat"}


@st.composite
def draw_equal_codes(draw):
    name, values = draw(st.sampled_from([("kind", ("pillar", "wall", "none")), ("in_service", (True, False))]))
    return make("PropertyIsEqualTo", draw(refer(name)), write(draw(st.sampled_from(values))))


@st.composite
def draw_ranges(draw):
    value, low = draw(st.one_of(st.tuples(NUMBER, NUMBER_LITERAL), st.tuples(DAY, DAY_LITERAL)))
    high = draw(NUMBER_LITERAL if low.text[:2] != "20" or len(low.text) < 8 else DAY_LITERAL)
    return make("PropertyIsBetween", value, make("LowerBoundary", low), make("UpperBoundary", high))


@st.composite
def draw_patterns(draw):
    wild, single, escape = draw(st.sampled_from(["%_\\", "*?!", "*.\\", "#+!"]))
    case = draw(st.sampled_from(["true", "false"]))
    pattern = draw(st.text(f"aAbctrụ5 {wild}{single}", max_size=5))
    signs = {"wildCard": wild, "singleChar": single, "escapeChar": escape, "matchCase": case}
    return make("PropertyIsLike", draw(TEXT), make("Literal", text=pattern), **signs)


MISSING = st.builds(
    lambda name, operand: make(name, operand),
    st.sampled_from(["PropertyIsNull", "PropertyIsNil"]),
    TEXT | NUMBER | DAY | refer("geom"),
)


def write_shape(shape, name=None):
    positions = " ".join(f"{x:g} {y:g}" for x, y in shapely.get_coordinates(shape) + 0.0)
    match name or shape.geom_type:
        case "Envelope":
            xmin, ymin, xmax, ymax = shape.bounds
            corners = {"lowerCorner": f"{xmin} {ymin}", "upperCorner": f"{xmax} {ymax}"}
            return make("Envelope", *(make(k, text=v, space=GML) for k, v in corners.items()), space=GML)
        case "Polygon":
            positions = " ".join(f"{x!r} {y!r}" for x, y in shape.exterior.coords)
            ring = make("LinearRing", make("posList", text=positions, space=GML), space=GML)
            return make("Polygon", make("exterior", ring, space=GML), space=GML)
        case kind:
            positions = " ".join(f"{x!r} {y!r}" for x, y in shape.coords)
            inner = make("pos" if kind == "Point" else "posList", text=positions, space=GML)
            return make(kind, inner, space=GML)


@st.composite
def draw_shapes(draw):
    step = st.integers(0, 10).map(lambda n: float(n * 5))
    x, y, width, height = draw(step) + EAST, draw(step) + NORTH, draw(step) + 5, draw(step) + 5
    return draw(
        st.sampled_from(
            [
                write_shape(shapely.Point(x, y)),
                write_shape(shapely.LineString([(x, y), (x + width, y + height)])),
                write_shape(shapely.LineString([(x, y), (x + 10, y)])),
                write_shape(shapely.box(x, y, x + width, y + height)),
                write_shape(shapely.box(x, y, x + 10, y + 10)),
                write_shape(shapely.box(x, y, x + width, y + height), "Envelope"),
            ]
        )
    )


@st.composite
def draw_spatial(draw):
    name = draw(st.sampled_from(list(relations.READERS)))
    own, shape = make("ValueReference", text="infra:geom"), draw(draw_shapes())
    if name == "BBOX":
        box = write_shape(fes_oracle.to_shape(shape).buffer(1), "Envelope")
        return make(name, own, box) if draw(st.booleans()) else make(name, box)
    operands = [own, shape] if draw(st.booleans()) else [shape, own]
    if name not in {"DWithin", "Beyond"}:
        return make(name, *operands)
    number, uom = draw(
        st.sampled_from([("0", "m"), ("5", "m"), ("0.0125", "km"), ("21", "urn:ogc:def:uom:EPSG::9001")])
    )
    return make(name, *operands, make("Distance", text=number, uom=uom))


@st.composite
def draw_measures(draw):
    own, number = make("ValueReference", text="geom"), write(draw(st.sampled_from([0, 5, 10, 50, 100, 225])))
    name = draw(st.sampled_from(["length_m", "area_m2", "distance_m", "is_within_m"]))
    if name == "is_within_m":
        function = make("Function", own, draw(draw_shapes()), number, name=name)
        return make("PropertyIsEqualTo", function, write(draw(st.booleans())))
    arguments = [own] if name != "distance_m" else [own, draw(draw_shapes())]
    compared = draw(st.sampled_from(list(fes_oracle.COMPARE)))
    return make(compared, make("Function", *arguments, name=name), number)


@st.composite
def draw_times(draw):
    name = draw(st.sampled_from(list(times.RELATIONS)))
    own, values = draw(st.sampled_from([("tested_on", DAYS), ("installed_on", DAYS), ("updated_at", MOMENTS)]))
    first, second = sorted(draw(st.tuples(st.sampled_from(values), st.sampled_from(values))))
    position = make("timePosition", text=first.isoformat(), space=GML)
    ends = [make("beginPosition", text=first.isoformat(), space=GML),
            make("endPosition", text=second.isoformat(), space=GML)]  # fmt: skip
    other = draw(
        st.sampled_from(
            [
                make("TimeInstant", position, space=GML),
                make("TimePeriod", *ends, space=GML),
                write(first),
                make("ValueReference", text="installed_on"),
            ]
        )
    )
    operands = [make("ValueReference", text=own), other]
    return make(name, *(operands if draw(st.booleans()) else operands[::-1]))


def combine(parts):
    return st.one_of(
        st.builds(
            lambda name, each: make(name, *each),
            st.sampled_from(["And", "Or"]),
            st.lists(parts, min_size=1, max_size=3),
        ),
        parts.map(lambda part: make("Not", part)),
    )


SCALAR = st.one_of(
    draw_comparisons(), draw_equal_codes(), draw_ranges(), draw_patterns(), MISSING, draw_times(), draw_spatial()
)


# -- what is tested --------------------------------------------------------------------------------------------------


@SETTINGS
@given(element=st.recursive(SCALAR, combine, max_leaves=4))
def test_a_filter_finds_what_python_finds(find, element):
    found, expected, text = find("fire_hydrant", element)
    assert found == expected, text


@SETTINGS
@given(layer=st.sampled_from(LAYERS), element=draw_spatial() | draw_measures())
def test_a_spatial_filter_finds_what_shapely_finds(find, layer, element):
    found, expected, text = find(layer, element)
    assert found == expected, text


@SETTINGS
@given(element=draw_times())
def test_a_temporal_filter_finds_what_python_finds(find, element):
    found, expected, text = find("fire_hydrant", element)
    assert found == expected, text


def to_older(element, names):
    """The same filter in an older version: its namespace, its names of elements and attributes."""
    for each in element.iter():
        space, local = etree.QName(each).namespace, etree.QName(each).localname
        if space == FES:
            each.tag = f"{{{OGC}}}{names.get(local, local)}"
        for old, new in (("uom", "units"), ("escapeChar", names.get("escapeChar", "escapeChar"))):
            if old in each.attrib and old != new:
                each.set(new, each.attrib.pop(old))
        each.attrib.pop("matchAction", None)
    return element


@SETTINGS
@given(
    layer=st.sampled_from(LAYERS[:1]),
    element=draw_comparisons() | draw_ranges() | draw_patterns() | draw_spatial(),
    oldest=st.booleans(),
)
def test_an_older_filter_finds_what_python_finds(find, layer, element, oldest):
    names = {"ValueReference": "PropertyName", **({"escapeChar": "escape"} if oldest else {})}
    found, expected, text = find(layer, to_older(element, names))
    assert found == expected, text


def refer_both(name, *extra, left="geom", right="geom"):
    return make(name, make("ValueReference", text=f"a/{left}"), make("ValueReference", text=f"b/{right}"), *extra)


@st.composite
def draw_joins(draw):
    """The names of two layers, and a condition between them."""
    layers = draw(st.tuples(st.sampled_from(LAYERS), st.sampled_from(LAYERS)))
    relation = draw(st.sampled_from([name for name in relations.READERS if name != "BBOX"]))
    distance = [make("Distance", text="7", uom="m")] if relation in {"DWithin", "Beyond"} else []
    parts = [refer_both(relation, *distance)]
    if layers == ("fire_hydrant", "fire_hydrant"):
        compared = draw(st.sampled_from(list(fes_oracle.COMPARE)))
        number = st.sampled_from(list(NUMBERS))
        parts.append(refer_both(compared, left=draw(number), right=draw(number)))
        parts.append(refer_both(draw(st.sampled_from(list(times.RELATIONS))), left="tested_on", right="installed_on"))
    return layers, make(draw(st.sampled_from(["And", "Or"])), *draw(st.permutations(parts)))


@SETTINGS
@given(drawn=draw_joins())
def test_a_join_finds_the_pairs_that_python_finds(find_pairs, drawn):
    found, expected, text = find_pairs(*drawn)
    assert found == expected, text


@pytest.fixture
def find_pairs(rows, tables, catalogue):
    """A function that gives the pairs of ids the program finds by a condition between two layers, those the oracle
    does, and the condition as text."""

    def run(names, element):
        layers = dict(zip("ab", map(catalogue.get_layer, names), strict=True))
        root = make("Filter", element)
        frame = FilterFrame(layers["a"], CrsReference(9210, swap_axes=False), joined=layers)
        condition = read_filter(root, frame)
        sides = {of: FeatureQuery(layer, SYSTEM) for of, layer in layers.items()}
        found = joins.read_ids(rows.connection, tables, joins.Join(sides, condition, limit=10_000))
        pairs = itertools.product(*(rows.rows[name] for name in names))
        expected = [(a["id"], b["id"]) for a, b in pairs if fes_oracle.judge(element, put_together(a, b)) is True]
        return found, expected, etree.tostring(root)

    return run


def put_together(a, b):
    """Two rows as one."""
    return {f"{of}/{name}": value for of, row in (("a", a), ("b", b)) for name, value in row.items()}


@pytest.mark.parametrize("attribute", ["ResourceId rid", "FeatureId fid", "GmlObjectId gml:id"])
def test_ids_find_their_features(rows, tables, catalogue, attribute):
    first, *_, last = (row["id"] for row in rows.rows["fire_hydrant"])
    ids = "".join(f'<fes:{attribute}="fire_hydrant.{number}"/>' for number in (last, first))
    text = f'<fes:Filter xmlns:fes="{FES}" xmlns:gml="http://www.opengis.net/gml">{ids}</fes:Filter>'
    layer = catalogue.get_layer("fire_hydrant")
    condition = parse_filter(text, FilterFrame(layer, CrsReference(9210, swap_axes=False)))
    page = read_page(rows.connection, tables, FeatureQuery(layer, SYSTEM, filter=condition, limit=99))
    assert [each.id for each in page.features] == [first, last]


def test_the_oracle_knows_every_operator_and_function_there_is():
    assert set(comparisons.READERS) == {
        *fes_oracle.COMPARE,
        "PropertyIsBetween",
        "PropertyIsLike",
        "PropertyIsNull",
        "PropertyIsNil",
    }
    assert set(relations.READERS) == {*fes_oracle.RELATE, "BBOX", "DWithin", "Beyond"}
    assert set(times.RELATIONS) == set(fes_oracle.TIMES)
    drawn = {"lower", "upper", "trim", "concat", "length", "year", "month", "day", "abs", "round", "floor", "ceil"}
    assert set(FUNCTIONS) == {*drawn, "length_m", "area_m2", "distance_m", "is_within_m"}
