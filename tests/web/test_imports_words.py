"""What the importer says on the map comes in the user's language; programs get it as it is."""

import re
from pathlib import Path

from gis_infra.processes.uploads import receiving
from gis_infra.processes.uploads.store import MAIN
from tests.web.test_imports import WATER, make_pipes, upload

DROPPING = Path(__file__).parents[2] / "gis_infra/web/viewer/frontend/src/imports/dropping.ts"


def look(client, made, language=""):
    """The only layer of an upload, in a language."""
    return client.get(f"/imports/uploads/{made.json['id']}{language}", auth=WATER).json["layers"][0]


def test_a_guess_is_told_in_the_language_asked_for(client, tmp_path):
    made = upload(client, make_pipes(tmp_path, prj=None))
    plain, vietnamese, english = (look(client, made, each) for each in ("", "?lang=vi", "?lang=en"))
    assert plain["crs"]["reason"].startswith("the file does not say its coordinate system; ")
    assert vietnamese["crs"]["reason"].startswith("tệp không ghi hệ tọa độ; ")
    assert english["crs"]["reason"] == plain["crs"]["reason"]
    assert vietnamese["crs"]["lands"].startswith("trong thành phố (kinh độ ")


def test_options_of_the_terminal_are_no_words_of_the_map(client, tmp_path):
    made = upload(client, {"ong.shp": make_pipes(tmp_path)["ong.shp"]})
    plain, vietnamese, english = (look(client, made, each) for each in ("", "?lang=vi", "?lang=en"))
    assert any("--bare-geometry" in each for each in plain["remarks"])
    assert not any("--" in each for each in [*vietnamese["remarks"], *english["remarks"]])
    assert "chỉ đọc được phần hình" in " ".join(vietnamese["remarks"])


def test_a_refusal_is_told_in_the_language_asked_for(client):
    answer = client.post(
        "/imports/uploads?lang=vi", data={}, content_type="multipart/form-data; boundary=x", auth=WATER
    )
    assert answer.json["detail"].startswith("chưa có tệp nào; hãy nộp một tệp .shp")


def test_first_rows_and_every_system_are_told_though_nobody_knows_where_it_lies(client, tmp_path):
    layer = look(client, upload(client, make_pipes(tmp_path, prj=None)))
    assert layer["rows"][0] == {"MA_ONG": "K1", "DUONG_KINH": 100, "TEN_DUONG": layer["rows"][0]["TEN_DUONG"]}
    assert len(layer["rows"]) == 3
    systems = {each["srid"]: each for each in layer["crs"]["systems"]}
    assert (
        systems[9210]["lands"].startswith("in the city")
        and systems[5897]["lands"].split(" km")[0].replace(".", "").isdigit()
    )
    assert systems[4326]["lands"] is None  # numbers of metres are no degrees


def test_the_map_takes_from_a_folder_what_the_server_takes():
    listed = re.search(r"TAKEN[^=]*= \[(.*?)\];", DROPPING.read_text(encoding="utf-8"), re.DOTALL)
    assert set(re.findall(r'"(\.[\w-]+)"', listed[1])) == {*MAIN, *receiving.BESIDE}
