"""Downloading a collection: who gets what, under which name, within which limits."""

import io
import os
import time
import zipfile
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import unquote

import pyogrio
import pytest

from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.web import downloads
from gis_infra.web.app import create_app
from gis_infra.web.places import place
from tests.web.test_ogcapi import EPSG, LAN, VIEWER, app, client, find_link, get

__all__ = ["app", "client", "get"]

PATH = "/ogc/collections/fire_hydrant/export"


@pytest.fixture
def rows(tmp_path):
    """A function that reads the asset codes in the body of an answer."""

    def read(answer):
        assert answer.status_code == HTTPStatus.OK, answer.text
        path = tmp_path / "file.gpkg"
        path.write_bytes(answer.data)
        return pyogrio.read_arrow(path)[1].column("asset_code").to_pylist()

    return read


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.id)
def test_every_kind_of_file_comes_whole_and_under_its_type(client, form):
    answer = client.get(f"{PATH}?f={form.id}")
    assert answer.status_code == HTTPStatus.OK and answer.content_type == form.mimetype
    assert answer.content_length == len(answer.data) > 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_file_is_named_as_the_layer_in_the_caller_s_language(client):
    header = client.get(f"{PATH}?f=csv&lang=vi").headers["Content-Disposition"]
    kind, plain, encoded = header.split("; ")
    assert (kind, plain) == ("attachment", "filename=fire_hydrant.csv")
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == "Trụ nước chữa cháy.csv"
    assert "Fire%20hydrant.csv" in client.get(f"{PATH}?f=csv&lang=en").headers["Content-Disposition"]


def test_nothing_stays_on_the_disk(client, settings):
    client.get(PATH)
    assert list((settings.home / "downloads").iterdir()) == []


@pytest.mark.parametrize(
    ("headers", "expected"), [({}, None), (LAN, 3), (VIEWER, 4)], ids=["public", "signed in", "viewer"]
)
def test_only_what_the_caller_may_see_is_in_it(client, rows, headers, expected):
    answer = client.get("/ogc/collections/water_pipe/export", headers=headers)
    if expected is None:
        assert answer.status_code == HTTPStatus.NOT_FOUND and "no layer 'water_pipe'" in answer.json["detail"]
    else:
        assert len(rows(answer)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bbox=106.6935,10.768,106.6946,10.769", ["H0", "H1"]),
        (f"bbox=603000,1190999,603100,1191001&bbox-crs={EPSG}/9210", ["H0", "H1"]),
        ("asset_code=H3", ["H3"]),
        ("status=abandoned", []),
        ("properties=asset_code", ["H0", "H1", "H2", "H3", "H4"]),
    ],
)
def test_the_parameters_of_items_choose_the_features(client, rows, query, expected):
    assert rows(client.get(f"{PATH}?{query}")) == expected


def test_coordinates_are_easting_first_in_the_system_asked_for(client, tmp_path):
    for query, expected in (("", (603000.0, 1191000.0)), (f"crs={EPSG}/4326", (106.6935841, 10.7684037))):
        path = tmp_path / "file.gpkg"
        path.write_bytes(client.get(f"{PATH}?asset_code=H0&{query}").data)
        assert pyogrio.read_bounds(path)[1][:2, 0] == pytest.approx(expected, abs=1e-6)


def test_a_spreadsheet_gets_its_mark_unless_the_plain_text_is_asked_for(client):
    assert client.get(f"{PATH}?f=csv").data.startswith(b"\xef\xbb\xbf")
    assert client.get(f"{PATH}?f=csv&excel=false").data.startswith(b'"')


def test_a_shapefile_comes_as_a_zip(client):
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{PATH}?f=shp").data))
    assert {"fire_hydrant.shp", "fire_hydrant.cpg", "NAMES.txt"} <= set(archive.namelist())


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ("f=xls", "f", "f must be one of gpkg, shp, geojson, fgb, csv, parquet, got 'xls'"),
        ("limit=5", "limit", "there is no parameter 'limit' here"),
        ("colour=red", "colour", "there is no parameter 'colour' here"),
        ("crs=EPSG:9210", "crs", "is not offered"),
        ("bbox=1,2,3", "bbox", "four numbers"),
        ("properties=nix", "nix", "has no property 'nix'"),
        ("status=new", "status", "must be one of"),
        ("f=csv&excel=maybe", "excel", "must be true or false"),
        ("properties=source_attributes", "source_attributes", "has no property"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(client, query, where, words):
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == HTTPStatus.BAD_REQUEST and answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"] and answer.json["where"] == where


def test_more_features_than_allowed_are_refused_before_a_file_is_made(settings, engine, app):
    narrow = create_app(replace(settings, export_limit_features=3), engine).test_client()
    answer = narrow.get(PATH)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "5 features are asked for, and 3 is the most at once" in answer.json["detail"]
    assert narrow.get(f"{PATH}?asset_code=H1").status_code == HTTPStatus.OK


def test_only_so_many_files_are_made_at_once(app, client):
    with app.app_context(), place("export", ""), place("export", ""):
        answer = client.get(PATH)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and answer.headers["Retry-After"]
    assert client.get(PATH).status_code == HTTPStatus.OK


def test_asking_for_the_head_makes_no_file(app, client):
    with app.app_context(), place("export", ""), place("export", ""):
        answer = client.head(f"{PATH}?f=fgb")
    assert answer.status_code == HTTPStatus.OK and answer.content_type == FORMATS["fgb"].mimetype


def test_what_a_killed_server_left_is_taken_away(tmp_path):
    old, fresh = tmp_path / "old", tmp_path / "fresh"
    old.mkdir()
    fresh.mkdir()
    os.utime(old, (0, time.time() - 2 * downloads.STALE_S))
    downloads.sweep(tmp_path)
    assert not old.exists() and fresh.exists()


def test_a_collection_links_to_every_kind_and_its_page_too(client, get):
    links = [link for link in get("/collections/fire_hydrant")["links"] if link["rel"] == "enclosure"]
    assert {link["title"] for link in links} == {form.title for form in FORMATS.values()}
    page = client.get("/ogc/collections/fire_hydrant?f=html").text
    assert all(link["href"].replace("&", "&amp;") in page for link in links)


def test_the_definition_says_how_to_ask(client, get):
    document = get("/api")
    operation = document["paths"]["/collections/fire_hydrant/export"]["get"]
    listed = [each.get("name", each.get("$ref", "").rpartition("/")[2]) for each in operation["parameters"]]
    names = {name.removeprefix("universal.") for name in listed}
    assert {"f", "excel", "bbox", "bbox-crs", "crs", "properties", "status", "asset_code"} <= names
    assert set(operation["responses"]["200"]["content"]) == {form.mimetype.split(";")[0] for form in FORMATS.values()}
    assert find_link(get("/collections/fire_hydrant"), "enclosure")["href"].endswith("/export?f=gpkg")
