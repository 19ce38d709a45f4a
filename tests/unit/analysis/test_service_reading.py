"""The coverage files: those of this checkout, and how wrong ones are told."""

import pytest

from gis_infra.analysis.coverage.service_reading import read_services
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import LayerFileError, MissingError
from gis_infra.settings import ROOT

SERVICE = (ROOT / "layers" / "coverage" / "base_station.yaml").read_text(encoding="utf-8")
DEMAND = (ROOT / "layers" / "coverage" / "demand.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue(ROOT / "layers")


def test_the_services_of_the_city_are_read(catalogue):
    book = read_services(ROOT / "layers", catalogue)
    reach = {each.id: (each.facilities.layer, each.distance_m, each.distance_field) for each in book.services.values()}
    assert reach == {
        "base_station": ("base_station", 500.0, "radius_m"),
        "distribution_transformer": ("distribution_transformer", 300.0, None),
        "fire_hydrant": ("fire_hydrant", 150.0, None),
        "green_space": ("green_space", 500.0, None),
        "post_office": ("post_office", 1000.0, None),
        "public_camera": ("public_camera", 100.0, None),
    }
    assert (book.demand.member.layer, book.demand.people) == ("building", "residents")
    assert (book.units.from_field, book.units.to_field) == ("valid_from", "valid_to")
    assert all(each.source and each.title.vi for each in book.services.values())


def test_an_unknown_service_is_refused_with_those_there_are(catalogue):
    with pytest.raises(MissingError, match="there is no service 'taxi'; there are base_station, distribution_tr"):
        read_services(ROOT / "layers", catalogue).get_service("taxi")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("distance_m: 500", "distance_m: 0", "taxi.yaml:3: distance_m must be from 1 to 100000, got 0"),
        ("distance_m: 500\n", "", "taxi.yaml:1: the file lacks 'distance_m'"),
        ("straight_line", "by_taxi", "taxi.yaml:2: method must be one of straight_line, got 'by_taxi'"),
        ("layer: base_station", "layer: taxi_rank", "taxi.yaml:6: there is no layer 'taxi_rank'"),
        ("radius_m", "name", "taxi.yaml:4: distance_field 'name' is text, not a number"),
        ("radius_m", "reach", "taxi.yaml:4: layer base_station has no field 'reach'"),
        ("unfit]", "dead]", "taxi.yaml:7: 'status' cannot be 'dead'; its codes are proposed, under_construction"),
        ("clause:", "claus:", "unknown key 'claus'; did you mean 'clause'"),
        ("verified: no", "verified: maybe", "verified must be one of no, yes, got 'maybe'"),
    ],
)
def test_a_wrong_service_is_told_by_file_and_line(tmp_path, catalogue, old, new, words):
    folder = tmp_path / "layers" / "coverage"
    folder.mkdir(parents=True)
    (folder / "demand.yaml").write_text(DEMAND, encoding="utf-8")
    (folder / "taxi.yaml").write_text(SERVICE.replace(old, new), encoding="utf-8")
    with pytest.raises(LayerFileError, match=words):
        read_services(tmp_path / "layers", catalogue)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("people: residents", "people: inhabitants", "layer building has no field 'inhabitants'"),
        ("layer: admin_unit", "layer: county", "there is no layer 'county'"),
        ("  to: valid_to\n", "", "units lacks 'to'"),
        ("demand:", "supply:", "unknown key 'supply'"),
    ],
)
def test_wrong_demand_is_told_by_file_and_line(tmp_path, catalogue, old, new, words):
    folder = tmp_path / "layers" / "coverage"
    folder.mkdir(parents=True)
    (folder / "demand.yaml").write_text(DEMAND.replace(old, new), encoding="utf-8")
    with pytest.raises(LayerFileError, match=words):
        read_services(tmp_path / "layers", catalogue)
