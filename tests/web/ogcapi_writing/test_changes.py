"""Features created, replaced, changed in part and deleted over the OGC API."""

import pytest
from sqlalchemy import select

from gis_infra.catalogue.history import build
from tests.web.writing_city import CHIEF, EPSG, ITEMS, PLACE, make_collection, make_feature


def test_a_feature_is_created_and_found_at_its_location(client, send):
    answer = send("POST", ITEMS, make_feature(asset_code="H1", nominal_diameter_mm=100))
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert f"{ITEMS}/" in location and answer.json["id"] == int(location.rsplit("/", 1)[1])
    found = client.get(location).json
    assert found["geometry"] == {"type": "Point", "coordinates": PLACE}
    assert (found["properties"]["asset_code"], found["properties"]["nominal_diameter_mm"]) == ("H1", 100)


def test_a_collection_is_created_as_a_whole(client, send, rows):
    answer = send("POST", ITEMS, make_collection(*(make_feature(asset_code=f"H{n}") for n in range(5))))
    assert answer.status_code == 201 and answer.json["numberCreated"] == 5
    assert [row["asset_code"] for row in rows()] == [f"H{n}" for n in range(5)]
    assert answer.json["ids"] == [row["id"] for row in rows()]
    for number, link in enumerate(answer.json["links"]):
        assert client.get(link["href"]).json["properties"]["asset_code"] == f"H{number}"


def test_of_a_collection_with_a_fault_nothing_is_created_and_all_is_told(send, rows):
    answer = send(
        "POST",
        ITEMS,
        make_collection(
            make_feature(asset_code="ok"),
            make_feature(asset_code="far", place=[108.2, 16.05]),
            make_feature(nominal_diameter_mm="100", installed_on="soon", colour="red"),
            make_feature(place=None),
        ),
    )
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert [(each["index"], each["field"], each["value"]) for each in answer.json["faults"]] == [
        (1, "geometry", ""),
        (2, "nominal_diameter_mm", "100"),
        (2, "installed_on", "soon"),
        (2, "colour", "red"),
        (3, "geometry", ""),
    ]
    assert "lies outside the city" in answer.json["faults"][0]["message"]
    assert rows() == []


def test_an_id_and_what_only_the_program_sets_are_left_aside(send, rows):
    feature = make_feature(asset_code="H1", id=777_777, created_at="2001-01-01T00:00:00Z", import_id=3, updated_at=None)
    assert send("POST", ITEMS, {**feature, "id": "water.777777"}).status_code == 201
    (row,) = rows()
    assert row["id"] < 777_777 and row["import_id"] is None and row["created_at"].year > 2001


@pytest.mark.parametrize(
    ("crs", "coordinates"),
    [
        (None, PLACE),
        (f"<{EPSG}/4326>", PLACE[::-1]),
        (f"{EPSG}/4326", PLACE[::-1]),
        (f"{EPSG}/9210", [603012.68, 1190999.63]),
        (f"{EPSG}/3857", [11877088.35, 1205852.9]),
    ],
)
def test_coordinates_are_read_in_the_system_and_order_of_axes_that_is_named(client, send, crs, coordinates):
    headers = {"Content_Crs": crs} if crs else {}
    answer = send("POST", ITEMS, make_feature(coordinates), **headers)
    assert answer.status_code == 201, answer.text
    found = client.get(answer.headers["Location"]).json["geometry"]["coordinates"]
    assert found == pytest.approx(PLACE, abs=2e-5)


def test_a_json_fg_place_comes_before_the_geometry(client, send):
    place = {"type": "Point", "coordRefSys": f"{EPSG}/4326", "coordinates": PLACE[::-1]}
    answer = send("POST", ITEMS, {**make_feature([0, 0]), "place": place}, kind="application/vnd.ogc.fg+json")
    assert answer.status_code == 201, answer.text
    assert client.get(answer.headers["Location"]).json["geometry"]["coordinates"] == PLACE


def test_heights_are_kept_and_letters_composed(client, create, rows):
    location = create([*PLACE, 2.5], name="Tru\u031b\u0323 Nguye\u0302\u0303n Hue\u0323\u0302 ")
    assert rows()[0]["name"] == "Trự Nguyễn Huệ"
    assert client.get(location).json["geometry"]["coordinates"] == [*PLACE, 2.5]


def test_a_put_replaces_everything(client, send, create, rows):
    location = create(asset_code="H1", nominal_diameter_mm=100, remarks="cũ")
    answer = send("PUT", location, make_feature(asset_code="H2", flow_lps=5))
    assert (answer.status_code, answer.data) == (204, b"")
    (row,) = rows()
    assert (row["asset_code"], row["nominal_diameter_mm"], row["flow_lps"], row["remarks"]) == ("H2", None, 5, None)


def test_a_put_of_what_a_get_gave_moves_no_vertex_and_makes_no_version(client, send, rows, engine, tables):
    exact = make_feature([603003.7654321, 1190991.1234567], asset_code="H1")
    location = send("POST", ITEMS, exact, Content_Crs=f"{EPSG}/9210").headers["Location"]
    (before,) = rows()
    for crs in ("", f"?crs={EPSG}/9210", f"?crs={EPSG}/3857"):
        found = client.get(location + crs)
        answer = send("PUT", location, found.json, Content_Crs=found.headers["Content-Crs"])
        assert answer.status_code == 204
        (after,) = rows()
        assert (after["geom"].desc, after["updated_at"]) == (before["geom"].desc, before["updated_at"])


def test_a_patch_changes_what_it_names(client, send, create, rows):
    location = create(asset_code="H1", nominal_diameter_mm=100, remarks="cũ")
    assert send("PATCH", location, {"properties": {"nominal_diameter_mm": 150.0, "remarks": None}}).status_code == 204
    (row,) = rows()
    assert (row["asset_code"], row["nominal_diameter_mm"], row["remarks"]) == ("H1", 150, None)
    before = row["geom"].desc
    moved = [106.6940123456, 10.7684]
    assert send("PATCH", location, {"geometry": {"type": "Point", "coordinates": moved}}).status_code == 204
    assert rows()[0]["geom"].desc != before and rows()[0]["nominal_diameter_mm"] == 150
    assert send("PATCH", location, {"geometry": {"coordinates": PLACE}}).status_code == 204
    assert client.get(location).json["geometry"]["coordinates"] == PLACE


def test_a_patch_that_changes_nothing_makes_no_version(client, send, create, rows):
    location = create(asset_code="H1")
    before = client.get(location).headers["ETag"]
    assert send("PATCH", location, {}).status_code == 204
    assert send("PATCH", location, {"properties": {"asset_code": "H1", "remarks": None}}).status_code == 204
    assert client.get(location).headers["ETag"] == before


def test_what_is_deleted_is_gone(client, send, create, rows):
    location = create(asset_code="H1")
    assert send("DELETE", location).status_code == 204
    assert rows() == [] and client.get(location).status_code == 404
    assert send("DELETE", location).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("feature_id", ["999999999999", "unknown_id", "-1", "1e3", "9" * 30])
def test_what_is_not_there_cannot_be_changed(send, method, feature_id):
    body = None if method == "DELETE" else make_feature()
    answer = send(method, f"{ITEMS}/{feature_id}", body, If_Match='"xyz"')
    assert answer.status_code == 404 and "has no feature" in answer.json["detail"]


def test_who_did_it_is_kept(send, create, engine, tables):
    location = create(remarks="một")
    send("PATCH", location, {"properties": {"remarks": "hai"}}, auth=CHIEF)
    send("DELETE", location)
    versions = build(tables.get("fire_hydrant"))
    with engine.connect() as connection:
        kept = connection.execute(select(versions).order_by(versions.c.ended_at)).mappings().all()
    assert [(row["remarks"], row["ended_by"], row["ended_via"]) for row in kept] == [
        ("một", "chief", "api"),
        ("hai", "editor", "api"),
    ]
