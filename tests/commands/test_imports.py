"""`gis-infra imports`, run as a person would."""

import json
from functools import partial

import pytest
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.cli.imports import command
from gis_infra.errors import ConflictError, GisInfraError, NotPermitted, UnknownImport, UnknownLayer
from gis_infra.storage.transactions import writing
from tests.imports import Importer, write_pipes


@pytest.fixture
def importer(engine, settings, catalogue, tables):
    """Who imports; the layers it loads are empty again afterwards."""
    importer = Importer(engine, settings, catalogue, tables)
    yield importer
    importer.empty()


@pytest.fixture
def run(call, known_layers, importer):
    """Run `gis-infra imports …` on the tests' database; what the program refuses is raised."""
    return partial(call, command)


@pytest.fixture
def people_there(engine, catalogue):
    """Lan, who may import water pipes, and Minh, who may see them; gone afterwards."""
    with writing(engine) as connection:
        for username, role in (("lan", "importer"), ("minh", "viewer")):
            people.add_person(connection, username, username)
            people.grant_to_person(connection, username, role, "water_pipe", catalogue)
    yield
    with writing(engine) as connection:
        connection.execute(delete(PERSON).where(PERSON.c.username.in_(["lan", "minh"])))


@pytest.fixture
def load(importer, tmp_path):
    """Import pipes of given diameters; the number of the import."""

    def load(*sizes, **more):
        rows = [{"MA_ONG": f"WP-{number}", "DN": size} for number, size in enumerate(sizes, 1)]
        return importer.load(write_pipes(tmp_path, rows), owner="SAWACO", **more).import_id

    return load


def test_the_list_tells_who_brought_what_and_what_became_of_it(run, load):
    first, second = load(100, 150), load(100, 200, 5)
    lines = run("list").output.splitlines()
    assert [line.split()[0] for line in lines] == ["import", str(second), str(first)]
    assert lines[1].split()[1:4] == ["water_pipe", "pipes.shp", "system"]
    assert lines[1].split()[6:] == ["0", "1", "1", "0", "0", "1"]  # updated, unchanged and rejected
    assert lines[2].split()[6:] == ["2", "0", "0", "0", "0", "0"]


def test_the_list_says_that_there_is_nothing(run):
    assert run("list").output == "no imports\n"


def test_the_list_can_be_of_one_layer_and_of_some_lines(run, load):
    load(100), load(200)
    assert len(json.loads(run("list", "--json").output)) == 2
    assert len(json.loads(run("list", "--json", "--limit", 1).output)) == 1
    assert json.loads(run("list", "--json", "--layer", "building").output) == []
    with pytest.raises(UnknownLayer, match="no layer 'pipes'"):
        run("list", "--layer", "pipes")


def test_an_import_is_shown_with_its_file_its_settings_and_its_report(run, load):
    number = load(100, 5)
    output = run("show", number).output
    for words in (
        f"import      {number} into water_pipe",
        "file        pipes.shp",
        "sha256      ",
        "by          system, ",
        "rows        1 inserted, 1 rejected",
        "said        owner SAWACO",
        "DN → nominal_diameter_mm",
        "is below the least allowed, 15 mm",
    ):
        assert words in output
    document = json.loads(run("show", number, "--json").output)
    assert (document["id"], document["report"]["rows"], document["settings"]["srid"]) == (number, 2, 9210)


def test_undo_takes_it_back_and_the_list_says_so(run, load, importer):
    load(100, 150)
    number = load(100, 200, 300)
    result = run("undo", number)
    told = f"import {number} into water_pipe is undone: 1 rows removed, 1 restored, 0 brought back\n"
    assert (result.exit_code, result.output) == (0, told)
    assert [row["nominal_diameter_mm"] for row in importer.read_rows()] == [100, 150]
    assert run("list").output.splitlines()[1].endswith(" by system")
    with pytest.raises(ConflictError, match="was undone already"):
        run("undo", number)


def test_undo_lists_later_edits_and_keeps_them_if_asked(run, load, importer):
    number = load(100, 150)
    importer.run("UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code = 'WP-2'")
    refused = run("undo", number)
    assert refused.exit_code == 1
    assert "WP-2 was changed on" in refused.output
    assert f"1 rows of import {number} were edited since, so nothing was undone; --keep-later" in refused.output
    assert len(importer.read_rows()) == 2
    done = run("undo", number, "--keep-later")
    assert done.exit_code == 0
    assert "1 rows removed" in done.output and "edited since and left as they are" in done.output
    assert [row["asset_code"] for row in importer.read_rows()] == ["WP-2"]


def test_undo_speaks_json_too(run, load):
    number = load(100)
    document = json.loads(run("undo", number, "--json").output)
    assert (document["import"], document["done"], document["removed"], document["later"]) == (number, True, 1, [])


@pytest.mark.usefixtures("people_there")
def test_somebody_sees_and_undoes_their_own_imports_only(run, load, engine):
    with engine.connect() as connection:
        lan = people.get_actor(connection, "lan")
    own, others = load(100, actor=lan), load(200)
    assert [each["id"] for each in json.loads(run("list", "--json", "--as", "lan").output)] == [own]
    assert run("list", "--as", "minh").output == "no imports\n"
    for asked in (("show", others, "--as", "lan"), ("undo", others, "--as", "lan"), ("show", own, "--as", "minh")):
        with pytest.raises(UnknownImport, match="there is no import"):
            run(*asked)
    assert run("undo", others).exit_code == 0
    assert run("undo", own, "--as", "lan").exit_code == 0


@pytest.mark.usefixtures("people_there")
def test_who_may_no_longer_import_undoes_nothing(run, load, engine, catalogue):
    with engine.connect() as connection:
        lan = people.get_actor(connection, "lan")
    number = load(100, actor=lan)
    with writing(engine) as connection:
        people.grant_to_person(connection, "lan", "viewer", "water_pipe", catalogue)
    with pytest.raises(NotPermitted, match="lan may not import layer water_pipe"):
        run("undo", number, "--as", "lan")


def test_an_import_that_is_not_there_is_told(run):
    for asked in ("show", "undo"):
        with pytest.raises(GisInfraError, match="there is no import 999999999; gis-infra imports list shows them"):
            run(asked, 999_999_999)
