"""The profiles an import may be done by, over HTTP: those of layers one may import into."""

from dataclasses import replace

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import import_city
from tests.web.import_city import CHIEF, LAN, WATER

SAWACO = """
title: Cấp nước
owner: Sawaco
files:
  - source: ong_*
    layer: water_pipe
  - source: cap_ngam
    layer: power_cable_underground
"""


@pytest.fixture(scope="module")
def client(settings, engine, tables, catalogue, tmp_path_factory):
    """Two profiles, one of which has a fault."""
    folder = tmp_path_factory.mktemp("profiles")
    (folder / "sawaco.yaml").write_text(SAWACO, encoding="utf-8")
    (folder / "wrong.yaml").write_text("files:\n  - source: x\n    layer: fire_hydrant\n    colour: red\n")
    with writing(engine) as connection:
        import_city.fill(connection, tables, catalogue)
    yield create_app(replace(settings, profiles=folder), engine).test_client()
    with writing(engine) as connection:
        import_city.clear(connection, tables)


def read(client, who):
    answer = client.get("/imports/profiles", auth=who)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    return {each["name"]: each for each in answer.json["profiles"]}


def test_who_imports_is_shown_the_profiles_of_their_layers_alone(client):
    found = read(client, WATER)
    assert found["sawaco"]["files"] == [{"source": "ong_*", "layer": "water_pipe"}]
    assert (found["sawaco"]["title"], found["sawaco"]["owner"], found["sawaco"]["faults"]) == ("Cấp nước", "Sawaco", 0)
    assert len(read(client, CHIEF)["sawaco"]["files"]) == 2
    assert read(client, LAN) == {}


def test_a_profile_with_faults_is_told_as_such(client):
    assert read(client, WATER)["wrong"]["faults"] == 1


def test_the_public_and_unknown_parameters_are_refused(client):
    assert client.get("/imports/profiles").status_code == 401
    assert client.get("/imports/profiles?x=1", auth=WATER).status_code == 400
