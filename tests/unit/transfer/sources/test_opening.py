"""What a path holds: folders, layers and their names; and that nothing is left behind."""

import errno
import tempfile
import unicodedata
from pathlib import Path

import pytest
from shapely import Point

from gis_infra.errors import InvalidParameter, InvalidSource, OurError
from gis_infra.transfer.sources import members, staging
from gis_infra.transfer.sources.opening import list_layers, open_sources
from gis_infra.transfer.sources.source import open_source
from tests.sources import write_delimited, write_shapefile, write_unicode, zip_shapefile

POINT = [Point(106.7, 10.77)]


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The folder in which temporary folders are made, empty."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def survey(tmp_path):
    """A folder with layers of several kinds, in it and in a folder of it."""
    folder = tmp_path / "survey"
    (folder / "Đợt 2").mkdir(parents=True)
    write_shapefile(folder / "pipes.shp", {"A": ["a"]}, POINT)
    write_unicode(folder / "Đợt 2" / "trụ.geojson", {"A": ["b"]}, POINT)
    for layer in ("one", "two"):
        write_unicode(folder / "all.gpkg", {"A": [layer]}, POINT, layer=layer)
    write_delimited(folder / "points.csv", [["X", "Y"], [600000, 1190000]])
    write_delimited(folder / "prices.csv", [["what", "cost"], ["pipe", 5]])
    return folder


def test_a_folder_has_the_layers_of_all_its_files(survey):
    assert list_layers(survey) == ("all:one", "all:two", "pipes", "points", "Đợt 2/trụ")
    with open_sources(survey) as sources:
        assert sources.left_out == ("prices.csv: has no column of coordinates or shapes",)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("pipes", "survey/pipes.shp"),
        ("PIPES", "survey/pipes.shp"),
        ("pipes.shp", "survey/pipes.shp"),
        ("all:two", "survey/all.gpkg"),
        ("Đợt 2/trụ", "survey/Đợt 2/trụ.geojson"),
        (unicodedata.normalize("NFD", "Đợt 2/trụ"), "survey/Đợt 2/trụ.geojson"),
        ("trụ", "survey/Đợt 2/trụ.geojson"),
    ],
)
def test_a_layer_is_asked_for_by_any_form_of_its_name(survey, look, wanted, name):
    assert look(survey, wanted).name == name


def test_of_several_layers_one_must_be_named(survey, look):
    with pytest.raises(
        InvalidParameter, match=r"survey holds 5 layers, name one with --source-layer: all:one, all:two, "
    ):
        look(survey)
    with pytest.raises(InvalidParameter, match=r"survey has no layer 'x'; it has all:one, .*, Đợt 2/trụ"):
        look(survey, "x")


def test_a_name_that_fits_two_layers_is_not_taken_for_one(survey, look):
    write_shapefile(survey / "Đợt 2" / "pipes.shp", {"A": ["c"]}, POINT)
    assert look(survey, "pipes").name == "survey/pipes.shp"
    write_shapefile(survey / "Đợt 2" / "one.shp", {"A": ["c"]}, POINT)
    (survey / "Đợt 3").mkdir()
    write_shapefile(survey / "Đợt 3" / "one.shp", {"A": ["c"]}, POINT)
    with pytest.raises(InvalidParameter, match=r"survey has several layers like 'one'"):
        look(survey, "one")


def test_files_of_the_same_name_are_told_apart_by_their_suffix(survey):
    write_unicode(survey / "pipes.geojson", {"A": ["b"]}, POINT)
    assert "pipes.geojson" in list_layers(survey)
    assert "pipes.shp" in list_layers(survey)


def test_a_file_that_cannot_be_read_does_not_hide_the_others(survey, look):
    (survey / "broken.gpkg").write_bytes(b"nothing")
    (survey / "empty.kml").write_bytes(b"")
    assert {"broken", "empty", "pipes"} <= set(list_layers(survey))
    assert look(survey, "pipes").count == 1
    with pytest.raises(InvalidSource, match=r"survey/broken.gpkg cannot be read as a GeoPackage"):
        look(survey, "broken")
    with pytest.raises(InvalidSource, match=r"survey/empty.kml is empty"):
        look(survey, "empty")


def test_a_folder_of_too_many_files_is_refused(survey, monkeypatch):
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    with pytest.raises(InvalidSource, match=r"survey holds more than 3 files; name the one to read"):
        list_layers(survey)


def test_links_to_folders_are_not_followed(survey, tmp_path):
    (survey / "round").symlink_to(survey)
    assert len(list_layers(survey)) == 5


def test_names_that_mean_something_to_the_drivers_are_only_names(tmp_path, read):
    for name in ("a!b.zip", "x?y=1", "http:", "GPKG:z", "%2e", "tên 'là' \"x\""):
        folder = tmp_path / name
        folder.mkdir()
        path = write_shapefile(tmp_path / "plain.shp", {"A": ["a"]}, POINT)
        for part in tmp_path.glob("plain.*"):
            part.rename(folder / f"{name.removesuffix('.zip')}{part.suffix}")
        path = folder / f"{name.removesuffix('.zip')}.shp"
        assert read(path)[1] == [{"A": "a"}]


def test_nothing_is_left_behind_and_nothing_changed(survey, scratch, read):
    archive = zip_shapefile(survey.parent / "x.zip", survey / "pipes.shp", "pipes")
    before = {path: path.read_bytes() for path in survey.parent.rglob("*") if path.is_file()}
    for layer in list_layers(survey):
        read(survey, layer)
    read(archive)
    with pytest.raises(InvalidParameter):
        read(survey, "none")
    with pytest.raises(KeyboardInterrupt), open_source(archive):
        raise KeyboardInterrupt
    assert list(scratch.iterdir()) == []
    assert {path: path.read_bytes() for path in survey.parent.rglob("*") if path.is_file()} == before


def test_a_reading_broken_off_leaves_nothing_behind(pipes, scratch):
    pipes.with_suffix(".dbf").write_bytes(b"spoilt")
    with pytest.raises(InvalidSource), open_source(pipes):
        pass
    assert list(scratch.iterdir()) == []


def test_a_full_disk_is_not_laid_to_the_file(pipes, scratch, monkeypatch):
    archive = zip_shapefile(pipes.parent / "x.zip", pipes, "pipes")
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 10}))
    with (
        pytest.raises(OurError, match=r"[0-9,]+ bytes are needed in .* to read the file, and 10 are free"),
        open_source(archive),
    ):
        pass


def test_a_disk_that_fills_up_while_reading_is_told(pipes, monkeypatch, look):
    def fill(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    pipes.with_suffix(".shx").unlink()
    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OurError, match=r"there is no room on the disk to read pipes\.shp"):
        look(pipes)


def test_a_folder_without_a_source_says_what_is_read(tmp_path, look):
    (tmp_path / "plan.dwg").write_bytes(b"x")
    with pytest.raises(
        InvalidSource, match=r"holds no layer; read here: \.shp, .*; left out: plan.dwg: .dwg is not read"
    ):
        look(tmp_path)
