"""The sample quarter, from its shapefiles to the answers: what is planted comes out exactly, by command and by API.

The truths stand in data/sample_shapefiles/planted.yaml; they come from the generator, which knows nothing of the
analyses.
"""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from ruamel.yaml import YAML

from gis_infra.accounts import credentials
from gis_infra.accounts.links import create_sign_in_link
from gis_infra.settings import ROOT, read_settings
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app

SAMPLES = ROOT / "data" / "sample_shapefiles"
PLANTED = YAML(typ="safe").load((SAMPLES / "planted.yaml").read_text(encoding="utf-8"))
BACKGROUND = YAML(typ="safe").load(SAMPLES.parent / "second_opinion" / "background.yaml")
MILLIMETRE = 0.001
SHARED = 1e-6  # of a building some of whose people a full facility takes
COUNTS = ("people", "people_served", "places", "places_served")


@pytest.fixture(scope="module")
def city(copy_database, tmp_path_factory):
    """The environment of a city whose database holds the samples, with conflicts and coverage run by command."""
    home = tmp_path_factory.mktemp("home")
    address = copy_database("planted").render_as_string(hide_password=False)
    environment = {**os.environ, "GIS_INFRA_DATABASE_URL": address, "GIS_INFRA_HOME": str(home)}
    for command in (["samples", "load"], ["conflicts", "run"], ["coverage", "run"]):
        told = run(environment, *command)
        assert told.returncode == 0, told.stderr
    yield environment


@pytest.fixture(scope="module")
def client(city):
    """A browser of the administrator, and one of the public."""
    settings = read_settings(city)
    app = create_app(settings)
    with writing(app.extensions["gis_infra"].engine) as connection:
        create_sign_in_link(connection)
        token = credentials.add_token(connection, "admin", "tests")
    yield lambda path, signed_in=True: app.test_client().get(
        path, headers={"Authorization": f"Bearer {token}"} if signed_in else {}
    )
    app.extensions["gis_infra"].engine.dispose()


@pytest.fixture(scope="module")
def by_command(city):
    """The register as `gis-infra conflicts list --json` prints it."""
    told = run(city, "conflicts", "list", "--json", "--limit", "10000")
    return [feature["properties"] for feature in json.loads(told.stdout)["features"]]


def run(environment, *arguments):
    """`gis-infra …` as a process of its own."""
    code = "from gis_infra.cli.main import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, timeout=300)


def make_key(rule, sides):
    """A rule and the assets it is about, in no order."""
    return rule, frozenset(side for side in sides if side != (None, None))


def find_pairs(conflicts):
    """Severity, required and found distance of each first stretch of the register, by rule and assets."""
    return {
        make_key(
            each["rule"],
            [(each["left_layer"], each["left_code"]), (each.get("right_layer"), each.get("right_code"))],
        ): (each["severity"], each["required_m"], each["distance_m"])
        for each in sorted(conflicts, key=lambda each: -each["stretch"])
    }


def list_planted(kind):
    """The same of what is planted."""
    return {
        make_key(
            each["rule"],
            [(side["layer"], side["code"]) for side in (each["left"], each["right"]) if side is not None],
        ): (each.get("severity"), each["required_m"], each["distance_m"])
        for each in PLANTED[kind]
    }


def test_every_planted_conflict_is_found_and_no_other(by_command):
    found = Counter((each["rule"], each["severity"]) for each in by_command)
    planted = Counter((each["rule"], each["severity"]) for each in PLANTED["conflicts"])
    for rule, told in BACKGROUND.items():
        planted.update({(rule, severity): count for severity, count in told.items()})
    assert find_pairs(by_command).keys() >= list_planted("conflicts").keys()
    assert found == planted


def test_required_and_found_distances_are_the_planted_ones_to_a_millimetre(by_command):
    found = find_pairs(by_command)
    for key, (severity, required_m, distance_m) in list_planted("conflicts").items():
        assert found[key][:2] == (severity, required_m), key
        wanted = distance_m if distance_m is None else pytest.approx(distance_m, abs=MILLIMETRE)
        assert found[key][2] == wanted, key


def test_no_near_miss_is_reported(by_command):
    assert find_pairs(by_command).keys().isdisjoint(list_planted("near_misses"))


def test_the_api_tells_the_administrator_the_same(by_command, client):
    answer = client("/analysis/conflicts?limit=10000").json
    assert answer["numberMatched"] == len(by_command) > len(PLANTED["conflicts"])
    assert find_pairs(each["properties"] for each in answer["features"]) == find_pairs(by_command)


def test_the_public_hears_of_conflicts_between_public_layers_only(client, by_command, catalogue):
    answer = client("/analysis/conflicts?limit=10000", signed_in=False).json
    public = {layer.id for layer in catalogue.layers.values() if layer.access == "public"}
    expected = [
        each for each in by_command if {each["left_layer"], each.get("right_layer") or each["left_layer"]} <= public
    ]
    assert 0 < len(expected) < len(by_command)
    assert answer["numberMatched"] == len(answer["features"]) == len(expected)


def test_a_second_run_finds_the_same_and_nothing_new(city, by_command):
    told = run(city, "conflicts", "run")
    (counts,) = [line for line in told.stdout.splitlines() if " conflicts (" in line]
    assert counts.startswith(f"{len(by_command)} conflicts (2 opportunity, 17 possible, ")
    assert counts.endswith("): 0 new, 0 reopened; 0 resolved since")


@pytest.mark.parametrize("service", sorted(PLANTED["coverage"]))
def test_the_planted_gaps_come_out_by_ward_and_for_the_city(client, service):
    method, planted = next(iter(PLANTED["coverage"][service].items()))
    report = client(f"/analysis/coverage/{service}").json
    assert report["run"]["method"] == method
    units = [each["properties"] for each in report["units"]["features"]]
    found = {each["code"]: {name: each[name] for name in COUNTS} for each in units if each["code"]}
    assert found.keys() == planted["wards"].keys()
    for code, counts in found.items():
        assert counts == pytest.approx(planted["wards"][code], abs=SHARED), code
    assert {name: report["city"][name] for name in COUNTS} == pytest.approx(planted["city"], abs=SHARED)
    services = {each["id"]: each for each in client("/analysis/coverage").json}
    assert {name: services[service]["latest_run"]["city"][name] for name in COUNTS} == pytest.approx(
        planted["city"], abs=SHARED
    )


@pytest.mark.parametrize("service", sorted(PLANTED["coverage"]))
def test_the_people_and_places_of_the_gaps_are_those_unserved(client, service):
    city = next(iter(PLANTED["coverage"][service].values()))["city"]
    gaps = [each["properties"] for each in client(f"/analysis/coverage/{service}").json["gaps"]["features"]]
    if len(gaps) < 1000:  # the worst are shown
        assert sum(gap["places"] for gap in gaps) == pytest.approx(city["places"] - city["places_served"])
        assert sum(gap["people"] for gap in gaps) == pytest.approx(city["people"] - city["people_served"])
