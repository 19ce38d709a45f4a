"""A file over HTTP: handed in, looked into, imported, reported, taken back; and everybody who may not."""

import io
import re
import shutil
import zipfile
from dataclasses import replace

import pytest
from shapely import LineString, from_geojson

from gis_infra.accounts.people import get_actor
from gis_infra.errors import InvalidParameter
from gis_infra.processes import registry
from gis_infra.processes.definitions import Context
from gis_infra.processes.uploads import previewing, receiving, store
from gis_infra.web.app import create_app
from tests.sources import write_shapefile
from tests.web.import_city import (
    CHIEF,
    LAN,
    OTHER,
    WATER,
    count,
    execute,
    make_points,
    start_import,
    upload,
    wait_for_end,
)
from tests.workers import working

NAMES = ["Nguyễn Huệ", "Lê Lợi", "Hàm Nghi"]
PARTS = (".shp", ".shx", ".dbf", ".prj")


@pytest.fixture(scope="module")
def worker(settings, engine):
    """A worker that tests leave running."""
    with working(settings) as worker:
        yield worker


def make_pipes(folder, name="ong.shp", prj=9210, **columns):
    """The parts of a shapefile of three pipes in TCVN3, by the name of each."""
    lines = [LineString([(603_000, 1_191_000 + 10 * row), (603_100, 1_191_000 + 10 * row)]) for row in range(3)]
    given = {"MA_ONG": ["K1", "K2", "K3"], "DUONG_KINH": [100, 200, 300], "TEN_DUONG": NAMES, **columns}
    path = write_shapefile(folder / name, given, lines, encoding="TCVN3", prj=prj)
    return {each.name: each.read_bytes() for each in (path.with_suffix(part) for part in PARTS) if each.exists()}


def look(client, upload_id, auth=WATER):
    """The layers of an upload."""
    answer = client.get(f"/imports/uploads/{upload_id}", auth=auth)
    assert answer.status_code == 200, answer.json
    return answer.json["layers"]


# Handing in.


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (LAN, 403), (OTHER, 201), (CHIEF, 201)])
def test_only_who_may_import_hands_files_in(client, auth, status):
    assert upload(client, make_points(1), auth=auth).status_code == status
    assert client.get("/imports/uploads", auth=auth).status_code == (200 if status == 201 else status)


def test_an_upload_tells_what_it_is_called_and_until_when(client, settings):
    made = upload(client, make_points(2), "Họng nước 2024.geojson")
    told = made.json
    assert made.headers["Location"].endswith(f"/imports/uploads/{told['id']}")
    assert (told["name"], told["files"]) == ("Họng_nước_2024.geojson", ["Họng_nước_2024.geojson"])
    assert told["bytes"] == len(make_points(2)) and told["expires"] > told["created"]
    listed = client.get("/imports/uploads", auth=WATER)
    assert [each["id"] for each in listed.json["uploads"]] == [told["id"]]
    assert listed.headers["Cache-Control"] == "private, no-store"
    folder = settings.uploads / told["id"]
    assert (settings.uploads.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o700, 0o700)


def test_an_upload_by_session_needs_the_token_of_the_page(importing_app, client):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
    form = {"username": WATER[0], "password": WATER[1], "csrf_token": token}
    assert client.post("/sign-in", data=form).status_code == 303
    assert upload(client, make_points(1), auth=None).status_code == 403
    page = client.get("/sign-in").text
    header = {"X-CSRF-Token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]}
    assert upload(client, make_points(1), auth=None, headers=header).status_code == 201


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ({}, 400, "there is no file; hand in one of .shp, .zip"),
        ({"a.dbf": b"x"}, 400, "there is none to read among a.dbf; hand in one of"),
        ({"a.exe": b"x"}, 400, "'a.exe' is of no use here"),
        ({"a": b"x"}, 400, "'a' is of no use here"),
        ({"x/a.csv": b"x", "y/A.csv": b"x"}, 400, "two of the files are called 'A.csv'"),
        ({f"{each}.csv": b"x" for each in range(61)}, 400, "at most 60 files"),
        ({f"{each}.csv": b"x" for each in range(90)}, 400, "at most 60 files"),
    ],
)
def test_an_upload_that_is_of_no_use_is_refused_and_leaves_nothing(client, settings, files, status, words):
    answer = upload(client, files)
    assert (answer.status_code, words in answer.json["detail"]) == (status, True), answer.json
    assert store.read_all(settings) == []


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("application/json", b"{}", "hand the files in as multipart/form-data, field 'file'"),
        ("multipart/form-data", b"x", "the body is no form"),
        ("multipart/form-data; boundary=x", b"--y\r\n", "the body is no form"),
        ("multipart/form-data; boundary=x", b"--x--\r\n", "there is no file"),
    ],
)
def test_a_body_that_is_no_form_is_refused(client, kind, body, words):
    answer = client.post("/imports/uploads", data=body, content_type=kind, auth=WATER)
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(client, settings, engine):
    small = create_app(replace(settings, upload_limit_mb=1), engine).test_client()
    answer = upload(small, b"x" * 1_000_001, "a.csv")
    assert answer.status_code == 413 and answer.json["detail"] == "an upload has at most 1 MB and 60 files"
    assert store.read_all(settings) == []
    assert upload(small, b"x" * 900_000, "a.csv").status_code == 201


def test_a_full_disk_refuses_before_it_takes(client, monkeypatch):
    monkeypatch.setattr(receiving, "SPARE_BYTES", shutil.disk_usage("/").total)
    answer = upload(client, make_points(1))
    assert answer.status_code == 503 and "the server's disk has no room" in answer.json["detail"]


def test_nobody_hands_in_without_end(client):
    answers = [upload(client, make_points(1)) for _ in range(9)]
    assert [each.status_code for each in answers] == [201] * 8 + [409]
    assert answers[-1].json["detail"] == "you have 8 uploads; import or delete one first"
    assert upload(client, make_points(1), auth=OTHER).status_code == 201


def test_an_upload_of_somebody_else_is_told_like_one_that_never_was(client):
    mine = upload(client, make_points(1)).json["id"]
    other = mine[:-1] + ("0" if mine[-1] != "0" else "1")
    inputs = {"layer": "fire_hydrant"}
    for auth in (OTHER, CHIEF):
        for told in (mine, other):
            answers = [client.open(f"/imports/uploads/{told}", method=each, auth=auth) for each in ("GET", "DELETE")]
            answers.append(execute(client, {**inputs, "upload": told}, auth=auth))
            words = f"there is no upload '{told}'; it may have been deleted"
            assert [(each.status_code, each.json["detail"]) for each in answers] == [(404, words)] * 3
    assert client.delete(f"/imports/uploads/{mine}", auth=WATER).status_code == 204
    assert client.get(f"/imports/uploads/{mine}", auth=WATER).status_code == 404


@pytest.mark.parametrize("upload_id", ["x", "..", "%2e%2e%2fjobs", "jobs", ".lock", "0" * 32, "%00"])
def test_what_can_be_no_upload_is_none(client, upload_id):
    assert client.get(f"/imports/uploads/{upload_id}", auth=WATER).status_code in (404, 308)


# Looking into it.


def test_an_upload_is_looked_into_with_its_first_features_in_degrees(client, tmp_path):
    handed_in = upload(client, make_pipes(tmp_path)).json
    [layer] = look(client, handed_in["id"])
    assert handed_in["name"] == "ong.shp" and layer["features"] == 3
    assert (layer["crs"]["srid"], layer["text"]["encoding"]) == (9210, "TCVN3")
    assert layer["suggestions"][0]["layer"] == "water_pipe" and "command" not in layer
    features = layer["sample"]["features"]
    assert [each["properties"]["TEN_DUONG"] for each in features] == NAMES
    first = from_geojson(str(features[0]["geometry"]).replace("'", '"'))
    # 603000 1191000 by pyproj 3.7.2, EPSG:9210 to 4326 with the operation EPSG:6960.
    assert first.coords[0] == pytest.approx((106.69358409, 10.76840366), abs=1e-7)


def test_no_layer_is_suggested_that_one_may_not_import_into(client, tmp_path):
    columns = {"MA_CAP": ["C1", "C2", "C3"], "DIEN_AP": [22, 22, 22]}
    files = make_pipes(tmp_path, "cap_dien.shp", **columns)
    mine, chiefs = (upload(client, files, auth=auth).json["id"] for auth in (WATER, CHIEF))
    seen, all_of_it = (look(client, each, auth) for each, auth in ((mine, WATER), (chiefs, CHIEF)))
    assert "power" not in str([each["layer"] for each in seen[0]["suggestions"]])
    assert any(each["layer"].startswith("power") for each in all_of_it[0]["suggestions"])


def zip_up(files):
    """An archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_each_layer_of_an_archive_is_told_by_the_name_to_import_it_by(client, tmp_path):
    files = {**make_pipes(tmp_path, "ong.shp"), "hong/bad.shp": b"x" * 200, "hong/points.geojson": make_points(2)}
    layers = look(client, upload(client, zip_up(files), "khao sat.zip").json["id"])
    told = {each["source_layer"]: each.get("features", each.get("error")) for each in layers}
    assert told["ong"] == 3 and told["hong/points"] == 2 and "shp" in str(told["hong/bad"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.gpkg", b"SQLite format 3\x00" + b"x" * 5000, "a.gpkg"),
        ("a.zip", b"PK\x03\x04" + b"x" * 500, "a.zip"),
    ],
)
def test_bytes_that_are_no_file_are_refused_in_words(client, settings, name, content, words):
    answer = client.get(f"/imports/uploads/{upload(client, content, name).json['id']}", auth=WATER)
    assert answer.status_code == 400 and words in answer.json["detail"]
    assert str(settings.uploads) not in answer.text


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused(client, settings):
    bomb = zip_up({"a.shp": bytes(400_000_000), "a.shx": b"", "a.dbf": b""})
    assert len(bomb) < 1_000_000
    handed_in = upload(client, bomb, "a.zip").json["id"]
    answer = client.get(f"/imports/uploads/{handed_in}", auth=WATER)
    assert answer.status_code == 400 and "a.zip" in answer.json["detail"]
    assert not (settings.uploads / handed_in / "tmp").exists()


def test_a_file_that_takes_too_long_to_look_into_is_refused(client, monkeypatch):
    monkeypatch.setattr(previewing, "READ_LIMIT_S", 0.05)
    handed_in = upload(client, make_points(1)).json["id"]
    for _ in range(2):  # the second answer is the first one kept
        answer = client.get(f"/imports/uploads/{handed_in}", auth=WATER)
        assert answer.status_code == 400 and "it takes longer than 0.05 s" in answer.json["detail"]


# The import, and what became of it.


def test_a_file_goes_the_whole_way_and_back(client, worker, settings, engine, tables, tmp_path):
    handed_in = upload(client, make_pipes(tmp_path, DUONG_KINH=[100, 200, 9])).json["id"]
    inputs = {"upload": handed_in, "layer": "water_pipe", "owner": "Sawaco"}
    trial = run(client, {**inputs, "dry_run": True})
    assert (trial["accepted"], trial["rejected"], trial["import"]) == (2, 1, None)
    assert count(engine, tables, "water_pipe") == 0

    job_id = execute(client, inputs).json["jobID"]
    assert wait_for_end(client, job_id)["status"] == "successful"
    report = client.get(f"/ogc/jobs/{job_id}/results", auth=WATER).json["report"]
    assert (report["accepted"], report["rejected"], "/" in report["rejected_file"]) == (2, 1, False)
    assert count(engine, tables, "water_pipe") == 2
    assert client.get(f"/imports/uploads/{handed_in}", auth=WATER).status_code == 404

    number = report["import"]
    [listed] = client.get("/imports", auth=WATER).json["imports"]
    assert (listed["id"], listed["layer"], listed["accepted"], listed["undone_at"]) == (number, "water_pipe", 2, None)
    for each in (number, job_id):
        assert client.get(f"/imports/{each}", auth=WATER).json["rows"] == 3
        page = client.get(f"/imports/{each}/report?lang=en", auth=WATER)
        assert page.mimetype == "text/html" and "DUONG_KINH" in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        rejected = client.get(f"/imports/{each}/rejected", auth=WATER)
        assert rejected.data.startswith(b"SQLite format 3") and "attachment" in rejected.headers["Content-Disposition"]
        rejected.close()
        for path, auth in (("", OTHER), ("/report", LAN), ("/rejected", OTHER)):
            assert client.get(f"/imports/{each}{path}", auth=auth).status_code == 404
        assert client.get(f"/imports/{each}").status_code == 401
    assert client.get("/imports", auth=OTHER).json["imports"] == []

    assert execute(client, {"import": number}, "undo-import", OTHER).status_code == 404
    undone = run(client, {"import": number}, "undo-import")
    assert (undone["done"], undone["removed"], count(engine, tables, "water_pipe")) == (True, 2, 0)
    assert client.get("/imports", auth=WATER).json["imports"][0]["undone_by"] == "water"


def run(client, inputs, process="import"):
    """The report of a job that goes well."""
    job_id = execute(client, inputs, process).json["jobID"]
    told = wait_for_end(client, job_id)
    assert told["status"] == "successful", told
    return client.get(f"/ogc/jobs/{job_id}/results", auth=WATER).json["report"]


def test_an_archive_is_kept_until_its_last_layer_is_in(client, worker, tmp_path):
    files = {**make_pipes(tmp_path), "hong.geojson": make_points(2)}
    handed_in = upload(client, zip_up(files), "a.zip").json["id"]
    common = {"upload": handed_in, "owner": "Sawaco"}
    run(client, {**common, "source_layer": "ong", "layer": "water_pipe"})
    assert client.get("/imports/uploads", auth=WATER).json["uploads"][0]["imported"] == ["ong"]
    run(client, {**common, "source_layer": "hong", "layer": "fire_hydrant"})
    assert client.get("/imports/uploads", auth=WATER).json["uploads"] == []


def test_a_profile_says_where_a_file_goes_and_how_it_is_read(client, settings, engine, catalogue, tables, tmp_path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    entry = '{source: "ong*", layer: water_pipe, crs: EPSG:9210, encoding: TCVN3, map: {MA_ONG: asset_code}}'
    (folder / "sawaco.yaml").write_text(f"owner: Sawaco\nfiles:\n  - {entry}\n", encoding="utf-8")
    handed_in = upload(client, make_pipes(tmp_path, prj=None)).json["id"]
    with engine.connect() as connection:
        water = get_actor(connection, "water")
    context = Context(engine, replace(settings, profiles=folder), catalogue, tables, water, folder=tmp_path / "kept")
    report = registry.run("import", {"upload": handed_in, "profile": "sawaco"}, context)["report"]
    assert (report["layer"], report["accepted"], count(engine, tables, "water_pipe")) == ("water_pipe", 3, 3)
    with pytest.raises(InvalidParameter, match="the profile sawaco knows no file like cap; it knows ong"):
        other = upload(client, make_pipes(tmp_path, "cap.shp")).json["id"]
        registry.run("import", {"upload": other, "profile": "sawaco"}, context)


def test_an_import_needs_a_layer_or_a_profile(client):
    handed_in = upload(client, make_points(1)).json["id"]
    answer = execute(client, {"upload": handed_in})
    assert answer.status_code == 400 and "import needs the input 'layer', or a 'profile'" in answer.json["detail"]


def test_a_layer_one_may_not_see_is_told_like_one_that_is_not(client):
    handed_in = upload(client, make_points(1)).json["id"]
    hidden, unknown = (execute(client, {"upload": handed_in, "layer": each}) for each in ("substation", "substatiom"))
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json["detail"].replace("substation", "substatiom") == unknown.json["detail"]


def test_a_layer_one_may_see_and_not_import_into_is_refused(client):
    handed_in = upload(client, make_points(1)).json["id"]
    answer = execute(client, {"upload": handed_in, "layer": "tree"})
    assert (answer.status_code, answer.json["detail"]) == (403, "water may not import layer tree")


def test_an_upload_a_job_waits_for_is_not_deleted(client):
    job_id = start_import(client, make_points(1))
    handed_in = client.get("/imports/uploads", auth=WATER).json["uploads"][0]["id"]
    answer = client.delete(f"/imports/uploads/{handed_in}", auth=WATER)
    assert answer.status_code == 409 and "a job that waits or runs needs this upload" in answer.json["detail"]
    client.delete(f"/ogc/jobs/{job_id}", auth=WATER)
    assert client.delete(f"/imports/uploads/{handed_in}", auth=WATER).status_code == 204


@pytest.mark.parametrize(
    "import_id", ["0", "99", "9" * 18, "9" * 40, "x", "%00", "00000000-0000-0000-0000-000000000000"]
)
@pytest.mark.parametrize("path", ["", "/report", "/rejected"])
def test_an_import_that_is_not_there_is_not_found(client, import_id, path):
    assert client.get(f"/imports/{import_id}{path}", auth=WATER).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [("limit=0", 200), ("limit=x", 400), ("limit=-1", 400), ("layer=substation", 404), ("layer=x", 404)],
)
def test_the_list_of_imports_takes_a_limit_and_a_layer(client, query, status):
    assert client.get(f"/imports?{query}", auth=WATER).status_code == status
