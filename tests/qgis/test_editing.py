"""A whole edit session in QGIS: add, change, move, delete, undo; what it did is looked for in the database itself."""

import pytest
from sqlalchemy import func, select

from gis_infra.spatial import crs
from gis_infra.storage.transactions import reading, writing

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
# What QGIS 3.22 posts: to a WFS 2.0.0 a transaction of 1.0.0, and later ones one of 1.1.0.
POSTED = {"2.0.0": ("1.0.0", "1.1.0"), "1.1.0": ("1.1.0",), "1.0.0": ("1.0.0",)}
CITY, LONLAT = "EPSG:9210", "EPSG:4326"
ALL = ["H0", "H1", "H2", "H3", "H4", "H5", "H6"]
NEW = {
    "wkt": "Point(603333.25 1191444.125)",
    "attributes": {"asset_code": "Q1", "kind": "pillar", "flow_lps": 2.5, "name": "Trụ <mới> & 'cũ'"},
}


@pytest.fixture
def row_of(engine, tables):
    """A function: the row of a hydrant by its code, with its place; None if there is none. Leaves no rows."""
    table = tables.get("fire_hydrant")

    def find(code):
        places = (func.st_x(table.c.geom).label("x"), func.st_y(table.c.geom).label("y"))
        with reading(engine, 5) as connection:
            row = connection.execute(select(*table.c, *places).where(table.c.asset_code == code)).first()
        return row and row._asdict()

    yield find
    with writing(engine) as connection:
        connection.execute(table.delete().where(table.c.asset_code.like("Q%")))


def open_step(qgis, version, **given):
    """The step that opens the hydrants for editing."""
    return ("open", {"name": "h", "source": qgis.make_source("fire_hydrant", version, **given)})


def change_step(*edits, **given):
    """The step that makes edits and saves them."""
    return ("change", {"name": "h", "edits": edits, **given})


@pytest.mark.parametrize("version", VERSIONS)
def test_a_session_of_edits_is_saved_step_by_step(qgis, row_of, version):
    first = (("insert", NEW),)
    second = (("set", {"code": "Q1", "attributes": {"outlets": 3, "kind": None, "asset_code": "Q2"}}),)
    third = (("move", {"code": "Q2", "wkt": "Point(603400.5 1191500.25)"}),)
    opened, inserted, changed, *_ = qgis.run(
        open_step(qgis, version, signed_in=True), change_step(*first), change_step(*second)
    )
    assert opened["may_edit"]
    assert inserted["done"] and changed["done"]
    # What was saved shows at once, and not what QGIS kept of the answer before.
    assert inserted["shown"] == sorted([*ALL, "Q1"]) and changed["shown"] == sorted([*ALL, "Q2"])
    made = row_of("Q2")
    assert (made["kind"], made["outlets"], made["flow_lps"], made["name"]) == (None, 3, 2.5, "Trụ <mới> & 'cũ'")
    assert (made["x"], made["y"]) == pytest.approx((603333.25, 1191444.125), abs=1e-3)
    assert made["nominal_diameter_mm"] is None and made["in_service"] is None
    versions = [each.body.partition('version="')[2][:5] for each in qgis.recorder.list_posted()]
    assert versions and set(versions) <= set(POSTED[version])

    _, moved, deleted, log = qgis.run(
        open_step(qgis, version, signed_in=True), change_step(*third), change_step(("delete", {"code": "Q2"}))
    )
    assert moved["done"] and deleted["done"] and deleted["shown"] == ALL
    assert row_of("Q2") is None and row_of("H1") is not None
    assert log == []


@pytest.mark.parametrize("version", VERSIONS)
def test_what_stands_twice_in_an_answer_is_changed_by_either_name(qgis, row_of, version):
    """Later versions of QGIS show gml:name as the field name, gml:description as one that no layer has."""
    opened, inserted, changed, log = qgis.run(
        open_step(qgis, version, signed_in=True),
        change_step(("insert", NEW)),
        change_step(("set", {"code": "Q1", "attributes": {"name": "Trụ số 1"}})),
    )
    assert inserted["done"] and changed["done"], (inserted, changed, log)
    assert row_of("Q1")["name"] == "Trụ số 1"
    if "description" in opened["fields"]:
        _, changed, log = qgis.run(
            open_step(qgis, version, signed_in=True),
            change_step(("set", {"code": "Q1", "attributes": {"description": "Cạnh chợ"}})),
        )
        assert changed["done"] and row_of("Q1")["remarks"] == "Cạnh chợ", (changed, log)
        # A copy of H0 that is given a code of its own still has the identifier and the name that H0 has.
        copied = {"asset_code": "Q4", "identifier": "H0", "description": "ok", "name": "Trụ <một> & đầu"}
        known = {name: value for name, value in copied.items() if name in opened["fields"]}  # 1.1.0 has no identifier
        step = ("insert", {"wkt": "Point(603100 1191500)", "attributes": known})
        _, inserted, log = qgis.run(open_step(qgis, version, signed_in=True), change_step(step))
        assert inserted["done"] and row_of("Q4")["remarks"] == "ok", (inserted, log)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_moved_in_degrees_lies_where_it_was_put(qgis, row_of, version):
    step = {"wkt": "Point(106.69380000 10.77300000)", "attributes": {"asset_code": "Q3"}}
    seen = qgis.run(open_step(qgis, version, signed_in=True, srsname=LONLAT), change_step(("insert", step)))
    assert seen[1]["done"], seen
    made = row_of("Q3")
    x, y = crs.get_transformer(crs.WGS84, 9210).transform(106.6938, 10.773)
    assert (made["x"], made["y"]) == pytest.approx((x, y), abs=0.01)


def test_many_edits_of_all_kinds_are_saved_at_once(qgis, row_of):
    three = [
        ("insert", {"wkt": f"Point({603500 + n} 1191500)", "attributes": {"asset_code": f"Q{n}"}}) for n in (7, 8, 9)
    ]
    _, inserted, mixed, log = qgis.run(
        open_step(qgis, "2.0.0", signed_in=True),
        change_step(*three),
        change_step(
            ("delete", {"code": "Q7"}),
            ("set", {"code": "Q8", "attributes": {"outlets": 2}}),
            ("move", {"code": "Q9", "wkt": "Point(603600 1191600)"}),
            ("insert", {"wkt": "Point(603700 1191700)", "attributes": {"asset_code": "Q10"}}),
        ),
    )
    assert inserted["shown"] == sorted([*ALL, "Q7", "Q8", "Q9"])
    assert mixed["done"] and mixed["shown"] == sorted([*ALL, "Q8", "Q9", "Q10"])
    assert row_of("Q8")["outlets"] == 2 and row_of("Q9")["x"] == 603600
    # It noted the layer's extent when it opened it.
    assert [each for each in log if "Layer extent" not in each] == []


def test_what_is_undone_or_thrown_away_is_not_sent(qgis, row_of):
    edits = (("set", {"code": "H1", "attributes": {"outlets": 4}}), ("undo", {"times": 1}))
    thrown = (("delete", {"code": "H1"}),)
    _, undone, dropped, _ = qgis.run(
        open_step(qgis, "2.0.0", signed_in=True), change_step(*edits), change_step(*thrown, keep=False)
    )
    assert undone["done"] and undone["shown"] == ALL and dropped["shown"] == ALL
    assert qgis.recorder.list_posted() == []
    assert row_of("H1")["outlets"] is None


def test_whoever_may_not_edit_is_not_offered_it(qgis, row_of):
    opened, refused, _ = qgis.run(open_step(qgis, "2.0.0"), change_step(("delete", {"code": "H1"})))
    assert not opened["may_edit"]
    assert refused == {"done": False, "errors": ["editing cannot be begun"]}
    assert qgis.recorder.list_posted() == []
    assert row_of("H1") is not None


@pytest.mark.parametrize("version", VERSIONS)
def test_a_layer_of_another_department_refuses_edits_and_says_why(qgis, version):
    source = qgis.make_source("building", version, signed_in=True)
    opened, refused, log = qgis.run(("open", {"name": "h", "source": source}), change_step(("delete", {"code": "B1"})))
    # WFS 2.0.0 tells of the whole service whether it can be edited; 1.x of each type.
    assert opened["may_edit"] == (version == "2.0.0")
    assert not refused["done"]
    if version == "2.0.0":
        assert refused["shown"] == ["B1"]
        assert any("building" in each for each in (*refused["errors"], *log)), (refused, log)


def test_a_value_that_is_not_allowed_is_refused_in_plain_words(qgis, row_of):
    wrong = ("set", {"code": "H1", "attributes": {"outlets": 99}})
    _, refused, log = qgis.run(open_step(qgis, "2.0.0", signed_in=True), change_step(wrong))
    assert not refused["done"]
    assert any("outlets" in each for each in (*refused["errors"], *log)), log
    assert row_of("H1")["outlets"] is None
