"""A condition tree as SQL: what it finds, and what it refuses."""

import operator
from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_infra.accounts.actor import SYSTEM
from gis_infra.errors import InvalidParameter, UnknownProperty
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_page
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
    compare,
)
from gis_infra.spatial import crs
from gis_infra.spatial.boxes import Bbox
from tests.builders import insert, insert_many

ROWS = (
    {"asset_code": "P1", "name": "Ống Đường Lê Lợi", "nominal_diameter_mm": 100, "material": "steel"},
    {"asset_code": "P2", "name": "ống đường Hàm Nghi", "nominal_diameter_mm": 150, "material": "hdpe"},
    {"asset_code": "P3", "name": "100% mới", "nominal_diameter_mm": 200, "installed_on": date(2020, 5, 1)},
    {"asset_code": "P4", "nominal_diameter_mm": None, "pressure_bar": 6.5},
)


@pytest.fixture
def find(connection, tables, catalogue):
    """A function that gives the asset codes a condition finds."""

    def codes(condition, layer_id="water_pipe"):
        query = FeatureQuery(catalogue.get_layer(layer_id), SYSTEM, filter=condition, limit=1000)
        return [feature.properties["asset_code"] for feature in read_page(connection, tables, query).features]

    return codes


@pytest.fixture
def pipes(connection, tables):
    return insert_many(connection, tables, "water_pipe", ROWS)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (compare("nominal_diameter_mm", "=", 150), ["P2"]),
        (compare("nominal_diameter_mm", "<>", "150"), ["P1", "P3"]),
        (compare("nominal_diameter_mm", ">", 149.5), ["P2", "P3"]),
        (compare("nominal_diameter_mm", ">", 10**18), []),
        (compare("pressure_bar", "<=", 6.5), ["P4"]),
        (compare("material", "=", "steel"), ["P1"]),
        (compare("material", "=", "wood"), []),  # none of its codes, and a text all the same
        (compare("nominal_diameter_mm", "=", 150.5), []),
        (compare("installed_on", "<", "2020-05-02"), ["P3"]),
        (compare("installed_on", "<", date(2020, 5, 1)), []),
        (compare("name", "=", "ỐNG ĐƯỜNG LÊ LỢI", match_case=False), ["P1"]),
        (compare("name", "=", "ỐNG ĐƯỜNG LÊ LỢI"), []),
        (Between(Property("nominal_diameter_mm"), Literal(100), Literal(150)), ["P1", "P2"]),
        (Like(Property("name"), Literal("%Đường%")), ["P1"]),
        (Like(Casei(Property("name")), Casei(Literal("%ĐƯỜNG%"))), ["P1", "P2"]),
        (Like(Property("name"), Literal("100\\%%")), ["P3"]),
        (Like(Property("name"), Literal("100\\_%")), []),
        (Like(Property("nominal_diameter_mm"), Literal("1%")), ["P1", "P2"]),
        (IsNull(Property("nominal_diameter_mm")), ["P4"]),
        (Not(IsNull(Property("name"))), ["P1", "P2", "P3"]),
        (Not(compare("nominal_diameter_mm", "=", 150)), ["P1", "P3"]),  # unknown stays unknown, as in SQL
        (And(()), ["P1", "P2", "P3", "P4"]),
        (Or(()), []),
        (IdIn(()), []),
        (Or((compare("asset_code", "=", "P1"), compare("asset_code", "=", "P4"))), ["P1", "P4"]),
        (And((IsNull(Property("material")), Not(IsNull(Property("pressure_bar"))))), ["P4"]),
    ],
)
def test_a_condition_finds_what_it_says(find, pipes, condition, expected):
    assert find(condition) == expected


@pytest.mark.parametrize(
    ("condition", "error", "words"),
    [
        (compare("diametre", "=", 1), UnknownProperty, "has no property 'diametre'"),
        (compare("geom", "=", "x"), InvalidParameter, "geom is a geometry"),
        (compare("nominal_diameter_mm", "=", "x"), InvalidParameter, "must be a number, got 'x'"),
        (Between(Property("installed_on"), Literal("a"), Literal("b")), InvalidParameter, "must be a date"),
        (And((Not(Like(Property("nothing"), Literal("%"))),)), UnknownProperty, "nothing"),
    ],
)
def test_a_condition_that_does_not_fit_the_layer_is_refused(find, condition, error, words):
    with pytest.raises(error, match=words):
        find(condition)


def test_a_value_is_never_read_as_sql(find, pipes):
    assert find(compare("name", "=", "' OR true --")) == []
    assert find(Like(Property("name"), Literal("'; DROP TABLE infra.water_pipe; --"))) == []


SQUARE = shapely.box(603000, 1191000, 603100, 1191100)
LINES = {
    "inside": "LINESTRING(603010 1191010, 603020 1191010)",
    "through": "LINESTRING(602990 1191050, 603110 1191050)",
    "along": "LINESTRING(603000 1191200, 603000 1191100)",
    "away": "LINESTRING(604000 1191000, 604100 1191000)",
}


@pytest.fixture
def lines(connection, tables):
    for code, wkt in LINES.items():
        insert(connection, tables, "sewer_pipe", wkt=wkt, asset_code=code)


@pytest.mark.parametrize("relation", ["intersects", "disjoint", "within", "touches", "crosses"])
def test_relations_are_those_of_shapely(find, lines, relation):
    expected = [code for code, wkt in LINES.items() if getattr(shapely.from_wkt(wkt), relation)(SQUARE)]
    assert find(Spatial(relation, Property("geom"), Shape(shapely.to_wkb(SQUARE), 9210)), "sewer_pipe") == expected


@pytest.mark.parametrize("srid", [4326, 3857, 4756])
@pytest.mark.parametrize(
    ("relation", "expected"),
    [("intersects", ["inside", "through"]), ("disjoint", ["along", "away"]), ("within", ["inside"])],
)
def test_a_shape_in_another_system_stands_in_the_same_relation(find, lines, srid, relation, expected):
    # A metre smaller all round, so that the line that only touches the square is surely outside.
    x, y = crs.get_transformer(9210, srid).transform(*SQUARE.buffer(-1).segmentize(5).exterior.xy)
    square = shapely.Polygon(list(zip(x, y, strict=True)))
    assert find(Spatial(relation, Property("geom"), Shape(shapely.to_wkb(square), srid)), "sewer_pipe") == expected


def test_a_box_in_a_condition_is_the_box_of_a_query(find, lines):
    box = Bbox(603000, 1191000, 603100, 1191100, 9210)
    assert find(InBox(box), "sewer_pipe") == ["inside", "through", "along"]
    assert find(Not(InBox(box)), "sewer_pipe") == ["away"]


def test_disjoint_from_a_shape_on_the_other_side_of_the_world_is_everything(find, lines):
    far = shapely.to_wkb(shapely.box(-8e6, 4e6, -7e6, 5e6))
    assert len(find(Spatial("disjoint", Property("geom"), Shape(far, 3857)), "sewer_pipe")) == 4
    assert find(Spatial("intersects", Property("geom"), Shape(far, 3857)), "sewer_pipe") == []


COMPARE = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
LEAVES = st.builds(
    compare, st.just("nominal_diameter_mm"), st.sampled_from(sorted(COMPARE)), st.integers(90, 210)
) | st.builds(IsNull, st.builds(Property, st.sampled_from(["name", "material", "nominal_diameter_mm"])))
TREES = st.recursive(
    LEAVES,
    lambda parts: (
        st.builds(Not, parts)
        | st.builds(And, st.lists(parts, max_size=3).map(tuple))
        | st.builds(Or, st.lists(parts, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@given(tree=TREES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tree_means_what_three_valued_logic_says(find, pipes, tree):
    """The oracle evaluates the tree row by row in Python, None being unknown."""
    expected = [row["asset_code"] for row in ROWS if evaluate(tree, row) is True]
    assert find(tree) == expected


def evaluate(tree, row):
    match tree:
        case And(parts):
            values = [evaluate(part, row) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts):
            values = [evaluate(part, row) for part in parts]
            return True if True in values else None if None in values else False
        case Not(part):
            value = evaluate(part, row)
            return None if value is None else not value
        case IsNull(Property(name)):
            return row.get(name) is None
        case Comparison(Property(name), sign, Literal(value)):
            return None if row.get(name) is None else COMPARE[sign](row[name], value)
