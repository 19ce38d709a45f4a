"""Short pages as GML against long ones: the same bytes, whatever the values."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.catalogue.definitions import Field, Layer, Style, Title
from gis_infra.features import batches, sent_pages
from gis_infra.features.formats.gml.dialects import DIALECTS
from gis_infra.features.formats.gml.features import GmlForm, render_features, to_batch
from gis_infra.features.formats.gml.geometry import GmlAxes
from gis_infra.features.formats.gml.records import select_record
from gis_infra.features.formats.gml.rows import render_rows
from gis_infra.features.query import Feature, FeatureQuery, SortKey
from gis_infra.features.sent_pages import SentRows
from gis_infra.spatial.boxes import Bbox
from tests.builders import insert, insert_many

LAYER = "fire_hydrant"
ODD_TEXT = (
    "<&>",
    "&amp;",
    "]]>",
    "\r\n\t",
    "\x01\x1f\x7f",
    "\ufffe\uffff\ufffd",
    "\uf000",
    "e\u0301😀",
    "",
    "%s %(west)s",
)
ODD_NUMBERS = (-0.0, 150.0, 9.9e-5, 1e-4, 6.5e-6, 1e-7, 1e10, 12345678901.5, 1e15, -1e16, 1e300, 5e-324)
NO_NUMBERS = (float("nan"), float("inf"), float("-inf"))
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=30)
# From 2^54 on PostgreSQL writes some numbers with a digit more than it takes, so none is drawn from there. Before 1970
# Arrow cuts a moment to milliseconds upward.
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
VALUES = {
    "text": TEXT | st.sampled_from(ODD_TEXT),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(-1e15, 1e15) | st.sampled_from(ODD_NUMBERS + NO_NUMBERS),
    "boolean": st.booleans(),
    "date": st.dates(),
    "timestamp": MOMENTS | MOMENTS.map(lambda each: each.replace(microsecond=120_000)),
}
TYPES = {
    "text": sa.Text,
    "integer": sa.BigInteger,
    "number": sa.Double,
    "boolean": sa.Boolean,
    "date": sa.Date,
    "timestamp": sa.DateTime(timezone=True),
}
METRES = GmlAxes("urn:ogc:def:crs:EPSG::9210", swap_axes=False, decimals=4)
TITLE, STYLE = Title("thing", "thing"), Style({})


def make_layer(kinds):
    """A layer with fields of these types, by name."""
    fields = tuple(Field(name, kind, TITLE) for name, kind in kinds.items())
    return Layer("thing", "water", TITLE, "Point", "public", fields, STYLE)


def select_values(values, kinds):
    """One row of values, as columns of their types."""
    # A number goes as text: within a COPY it is a literal, and PostgreSQL reads -0.0 as a numeric, which has no sign.
    bound = [
        sa.cast(repr(value) if isinstance(value, float) else sa.literal(value, TYPES[kinds[name]]), TYPES[kinds[name]])
        for name, value in values.items()
    ]
    return sa.select(*[each.label(name) for each, name in zip(bound, values, strict=True)], sa.literal(7).label("id"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_value_is_written_alike(connection, data):
    names = data.draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=8))
    kinds = {f"{kind}_{place}": kind for place, kind in enumerate(names)}
    if data.draw(st.booleans()):
        kinds |= {"remarks": "text", "asset_code": "text", "name": "text"}
    values = {name: data.draw(st.none() | VALUES[kind], label=name) for name, kind in kinds.items()}
    version = data.draw(st.sampled_from(sorted(DIALECTS)))
    row = select_values(values, kinds).subquery()
    record = select_record([row.c[name] for name in kinds])
    found = connection.execute(sa.select(row.c.id, sa.null(), record)).all()
    form = GmlForm(make_layer(kinds), METRES, dialect=DIALECTS[version])
    ours = render_features(to_batch([Feature(7, None, values)], form), form)
    assert render_as_text(connection, values, kinds, form) == ours
    assert render_rows(SentRows.of(found), form) == (ours, "")


def render_as_text(connection, values, kinds, form):
    """The feature of these values, of which PostgreSQL has written each."""
    row = select_values(values, kinds).add_columns(sa.null().label("geometry")).subquery()
    columns = [row.c.id, row.c.geometry, *[row.c[name] for name in kinds]]
    schema = pa.schema([("id", pa.int64()), *[(name, pa.string()) for name in kinds], ("geometry", pa.binary())])
    (block,) = batches.copy_blocks(connection, sa.select(*columns), 10, 10)
    return render_features(batches.parse_block(block, schema), form)


@pytest.mark.parametrize(
    ("number", "text"),
    [(150.0, b"150"), (6.5e-06, b"6.5e-06"), (12345678901.5, b"12345678901.5"), (float("-inf"), b"-INF")],
)
def test_a_number_is_written_in_one_way(connection, number, text):
    row = sa.select(sa.cast(sa.literal(number), sa.Double).label("n")).subquery()
    found = connection.execute(sa.select(sa.literal(7), sa.null(), select_record([row.c.n]))).all()
    written, _ = render_rows(SentRows.of(found), GmlForm(make_layer({"n": "number"}), METRES))
    assert b"<infra:n>" + text + b"</infra:n>" in written


@pytest.mark.parametrize("moment", ["infinity", "-infinity"])
def test_a_moment_that_never_comes_is_left_out(connection, moment):
    row = sa.select(sa.cast(moment, sa.DateTime(timezone=True)).label("t"), sa.literal("a").label("u")).subquery()
    found = connection.execute(sa.select(sa.literal(7), sa.null(), select_record([row.c.t, row.c.u]))).all()
    written, _ = render_rows(SentRows.of(found), GmlForm(make_layer({"t": "timestamp", "u": "text"}), METRES))
    assert written == b'<infra:thing gml:id="thing.7"><infra:u>a</infra:u></infra:thing>'


@pytest.fixture
def hydrants(connection, tables):
    """Hydrants of which some have a height, a code, a name that must be escaped, or no geometry."""
    rows = [
        {"wkt": "POINT Z (603000 1191000 2.5)", "asset_code": "H0", "installed_on": date(2020, 2, 29)},
        {"wkt": "POINT (603010 1191000)", "name": "Trụ <1> & \r\x02", "remarks": "😀 e\u0301"},
        {"wkt": "POINT (603020 1191000)", "asset_code": "H2"},
    ]
    insert_many(connection, tables, LAYER, rows)
    insert(connection, tables, LAYER, asset_code="without a geometry")


@pytest.mark.parametrize("version", sorted(DIALECTS))
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"srid": 9210},
        {"skip_geometry": True},
        {"properties": ("asset_code", "installed_on")},
        {"properties": ()},
        {"offset": 1, "limit": 2},
        {"sort": (SortKey("asset_code", descending=True),)},
        {"bbox": Bbox(602990, 1190990, 603015, 1191010, 9210)},
        {"bbox": Bbox(600000, 1190990, 600001, 1191010, 9210)},
    ],
)
@pytest.mark.usefixtures("hydrants")
def test_a_page_is_the_same_whoever_writes_it(connection, tables, catalogue, version, asked):
    query = FeatureQuery(catalogue.get_layer(LAYER), ANONYMOUS, **{"limit": 100, "want_count": False, **asked})
    axes = GmlAxes("urn:ogc:def:crs:EPSG::9210", swap_axes=True, decimals=9)
    form = GmlForm(query.layer, axes, query.properties, not query.skip_geometry, DIALECTS[version])
    batch = list(batches.read_page_batches(connection, tables, query))
    texts = batches.read_page_batches(connection, tables, query, as_text=True)
    assert [render_features(each, form) for each in texts] == [render_features(each, form) for each in batch]
    theirs = FeatureQuery(**{**vars(query), "geometry_form": version})
    rows = sent_pages.read(connection, tables, theirs)
    assert render_rows(SentRows.of(rows), form)[0] == b"".join(render_features(each, form) for each in batch)
    counted = sent_pages.read_counted(connection, tables, FeatureQuery(**{**vars(theirs), "want_count": True}))
    if counted is not None:
        assert [row[:3] for row in counted[0]] == [tuple(row)[:3] for row in rows]
        assert counted[1] == len(rows)


@pytest.mark.usefixtures("hydrants")
def test_the_box_of_a_page_holds_its_features(connection, tables, catalogue):
    query = FeatureQuery(catalogue.get_layer(LAYER), ANONYMOUS, srid=9210, geometry_form="gml32")
    rows = SentRows.of(sent_pages.read(connection, tables, query))
    box = etree.fromstring(render_rows(rows, GmlForm(query.layer, METRES))[1].replace("gml:", ""))
    assert [each.text for each in box] == ["603000.0 1191000.0", "603020.0 1191000.0"]
