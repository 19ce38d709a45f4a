"""The register over HTTP: list, groups, steps, and the layer `conflict` of the API, the WFS and the tiles."""

import pytest
from sqlalchemy import delete, select, text

from gis_infra.accounts import people
from gis_infra.accounts.tables import DEPARTMENT, PERSON
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert
from tests.register import enter, make_finding

PASSWORD = "một mật khẩu dài"
ADMIN, LAN, MINH, HOA = (("admin", PASSWORD), ("lan", PASSWORD), ("minh", PASSWORD), ("hoa", PASSWORD))
LAYERS = ("sewer_pipe", "water_pipe")
ITEMS = "/ogc/collections/conflict/items"


def line(north_m):
    return f"LINESTRING(603000 {1191500 + north_m},603100 {1191500 + north_m})"


@pytest.fixture(scope="module")
def city(settings, engine, tables, catalogue):
    """Lan edits sewers, Minh sees what is shared, Hoa edits water; and three pipes, one of them restricted."""
    application = create_app(settings, engine)
    with writing(engine) as connection:
        people.add_department(connection, "roads", "Giao thông", "Roads")
        people.add_person(connection, "admin", "Quản trị", password=PASSWORD)
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
        people.add_person(connection, "minh", "Trần Minh", "roads", password=PASSWORD)
        people.add_person(connection, "hoa", "Lê Hoa", password=PASSWORD)
        people.grant_to_person(connection, "admin", "admin", "*", catalogue)
        people.grant_to_person(connection, "lan", "editor", "sector:drainage", catalogue)
        people.grant_to_person(connection, "hoa", "editor", "sector:water", catalogue)
        ids = [
            insert(connection, tables, "sewer_pipe", wkt=line(0), asset_code="S-1", owner="Thoát nước"),
            insert(connection, tables, "sewer_pipe", wkt=line(1), asset_code="S-2", sensitivity="restricted"),
            insert(connection, tables, "water_pipe", wkt=line(2), asset_code="W-1", owner="Sawaco"),
        ]
    yield application, ids
    with writing(engine) as connection:
        for table in (PERSON, DEPARTMENT, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))


@pytest.fixture
def register(city, engine, tables):
    """Three conflicts: of S-1 with W-1, of the restricted S-2 with W-1, and of S-1 alone; ids in that order."""
    open_sewer, secret_sewer, main = city[1]
    with writing(engine) as connection:
        enter(
            connection,
            tables,
            [
                make_finding(("sewer_pipe", open_sewer), ("water_pipe", main), "city.water_sewer"),
                make_finding(("sewer_pipe", secret_sewer), ("water_pipe", main), "city.water_sewer", distance_m=0.1),
                make_finding(
                    ("sewer_pipe", open_sewer), None, "nation.cover", severity="vertical_unknown", distance_m=None
                ),
            ],
        )
        found = connection.execute(select(CONFLICT.c.left_id, CONFLICT.c.right_id, CONFLICT.c.id)).all()
    ids = {(left, right): id_ for left, right, id_ in found}
    yield ids[open_sewer, main], ids[secret_sewer, main], ids[open_sewer, None]
    with writing(engine) as connection:
        connection.execute(delete(CONFLICT))
        connection.execute(delete(CONFLICT_RUN))


@pytest.fixture
def ask(city):
    """Asks as somebody; the public if nobody is named."""
    return lambda path, **values: city[0].test_client().open(path, **values)


def take(ask, number, who, action, **members):
    headers = members.pop("headers", {})
    return ask(f"/ogc/conflicts/{number}", auth=who, method="POST", json={"action": action, **members}, headers=headers)


def test_the_list_shows_whom_the_assets_may_be_shown_to(ask, register):
    assert ask("/ogc/conflicts", auth=ADMIN).json["numberMatched"] == 3
    assert ask("/ogc/conflicts", auth=LAN).json["numberMatched"] == 3
    assert ask("/ogc/conflicts", auth=MINH).json["numberMatched"] == 2
    assert ask("/ogc/conflicts").json["numberMatched"] == 1  # water pipes are shared: only the sewer alone is public


def test_the_layer_has_the_same_conflicts_for_each(ask, register):
    for who, number in ((ADMIN, 3), (LAN, 3), (MINH, 2)):
        found = ask(ITEMS, auth=who).json
        assert (found["numberMatched"], found["numberReturned"]) == (number, number)
        assert ask(f"{ITEMS}?bbox=106,10,107,11", auth=who).json["numberMatched"] == number
    assert ask(ITEMS).status_code == 404
    assert ask(f"{ITEMS}/{register[1]}", auth=MINH).status_code == 404
    assert ask(f"{ITEMS}/{register[1]}", auth=LAN).json["properties"]["severity"] == "violation"


@pytest.mark.parametrize(
    "path",
    ["/ogc/collections", "/ogc/collections?f=html", "/ogc/styles/infra", "/viewer/config?lang=en", "/ogc/api",
     "/ogc/collections/conflict?f=html", f"{ITEMS}?f=html", "/ogc/collections/conflict/schema",
     "/ogc/collections/conflict/queryables", "/ogc/collections/conflict/tiles/WebMercatorQuad"],
)  # fmt: skip
def test_whatever_tells_of_layers_tells_of_this_one_to_who_is_signed_in(ask, register, path):
    answer = ask(path, auth=MINH)
    assert answer.status_code == 200 and "conflict" in answer.text
