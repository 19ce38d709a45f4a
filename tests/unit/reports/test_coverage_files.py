"""A run as files: every table in the workbook, every shape in the GeoPackage, and no cell that is a formula."""

import csv
import json
import zipfile

import geopandas
import pyogrio
import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import InvalidParameter
from gis_infra.reports.coverage.files import CoverageDesk, write_coverage
from gis_infra.settings import ROOT
from tests.coverage_found import collect, make_found


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue(ROOT / "layers")


@pytest.fixture
def write(catalogue, tmp_path):
    """Write a made run to a file of an ending; returns its path."""

    def write_it(ending, found=None, language="en"):
        path = tmp_path / f"coverage{ending}"
        write_coverage(CoverageDesk(found or make_found(), (), catalogue, 9210, language), path)
        return path

    return write_it


def read_book(path):
    with zipfile.ZipFile(path) as book:
        names = [each for each in book.namelist() if each.startswith("xl/worksheets/sheet")]
        sheets = [book.read(each).decode() for each in names]
        return book.read("xl/workbook.xml").decode(), book.read("xl/sharedStrings.xml").decode(), sheets


def test_a_workbook_has_a_sheet_for_every_table(write):
    book, strings, sheets = read_book(write(".xlsx"))
    names = ("By administrative unit", "Targets", "Gaps", "Distances", "Facilities", "Proposed sites", "All parameters")
    assert len(sheets) == len(names) and all(f'name="{each}"' in book for each in names)
    assert all(each in strings for each in ("Bến Nghé", "The whole city", "Missed", "Along streets", "&lt;quoted&gt;"))


def test_no_cell_of_a_workbook_is_a_formula(write):
    found = make_found()
    found["units"]["features"][0]["properties"]["name"] = "=cmd|'/c calc'!A0"
    _, strings, sheets = read_book(write(".xlsx", found))
    assert "=cmd|" in strings and not any("<f>" in each or "hyperlink" in each for each in sheets)


@pytest.mark.parametrize(("language", "city", "share"), [
    ("vi", "Toàn thành phố", "Tỷ lệ dân số được phục vụ"), ("en", "The whole city", "Share of people served"),
])  # fmt: skip
def test_a_table_has_a_row_a_unit_and_the_city_last(write, language, city, share):
    rows = list(csv.DictReader(write(".csv", language=language).read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 11 and city in rows[-1].values() and rows[-1][share] == "0.8123"
    assert rows[7][share] == ""  # nobody lives there


def test_a_geopackage_has_every_kind_of_shape_and_how_it_was_made(write):
    path = write(".gpkg")
    assert dict(pyogrio.list_layers(path)) == {
        "units": "MultiPolygon", "gaps": "MultiPolygon", "facilities": "Point", "sites": "Point",
        "reach": "MultiPolygon", "run": None,
    }  # fmt: skip
    gaps = geopandas.read_file(path, layer="gaps")
    assert list(gaps["rank"]) == list(range(1, 10)) and gaps.crs.to_epsg() == 4326
    facts = pyogrio.read_dataframe(path, layer="run").set_index("What")["Value"]
    assert json.loads(facts["All parameters"])["join_m"] == 0.5


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".csv", ".gpkg", ".geojson"])
def test_a_run_that_found_nothing_is_a_file_too(write, ending):
    empty = collect([], bound=None, share_of_bound=None)
    nothing = make_found(units=empty, gaps=empty, facilities=empty, sites=empty, reach=None)
    nothing["city"]["classes"], nothing["city"]["targets"] = [], []
    assert write(ending, nothing).stat().st_size > 0


def test_another_ending_is_refused_in_words(write):
    with pytest.raises(InvalidParameter, match=r"coverage.docx must end in .html, .pdf, .xlsx, .csv"):
        write(".docx")
