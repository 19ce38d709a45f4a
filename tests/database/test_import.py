"""A file into a layer, with the real database: what goes in, what does not, and that nothing is lost or changed."""

import sqlite3
from datetime import date

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely import LineString, Point
from sqlalchemy import func, select

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.errors import InvalidCrs, InvalidParameter, InvalidSource, NotPermitted, SignInNeeded, UnknownLayer
from gis_infra.spatial.crs import get_transformer
from gis_infra.storage.transactions import reading
from gis_infra.transfer.importing import import_file
from gis_infra.transfer.reporting.report import to_json
from tests.builders import make_actor
from tests.imports import LINE, X, Y, write_pipes
from tests.sources import TM3_ESRI, write_shapefile


def test_a_file_goes_in_with_everything_it_has(importer, tmp_path):
    path = write_pipes(
        tmp_path,
        [{"MA_ONG": "WP-1", "DUONG_KINH": "DN150", "VAT_LIEU": "Gang dẻo", "NAM_LD": 2015, "GHI_CHU": "tốt", "TO": 7}],
        encoding="TCVN3",
    )
    report = importer.load(path, owner="SAWACO")
    assert (report.rows, report.accepted, report.rejected, report.exit_code) == (1, 1, 0, 0)
    (row,) = importer.read_rows()
    assert (row["asset_code"], row["owner"], row["nominal_diameter_mm"]) == ("WP-1", "SAWACO", 150)
    assert (row["material"], row["installed_on"], row["remarks"]) == ("ductile_iron", date(2015, 1, 1), "tốt")
    assert row["source_attributes"] == {"TO": 7}
    assert (row["source_srid"], row["import_id"]) == (9210, report.import_id)
    assert row["shape"].equals_exact(LINE, 0)


def test_the_import_is_entered_in_the_list(importer, tmp_path):
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 5}, {"MA_ONG": "WP-2", "DN": 100}])
    actor = make_actor(("water_pipe", "importer"), username="lan")
    report = importer.load(path, actor)
    (entry,) = importer.read_batches()
    assert (entry["id"], entry["layer_id"], entry["username"]) == (report.import_id, "water_pipe", "lan")
    assert (entry["file_name"], entry["accepted"], entry["rejected"]) == ("pipes.shp", 1, 1)
    assert entry["settings"]["mapping"] == {"MA_ONG": "asset_code", "DN": "nominal_diameter_mm"}
    assert len(entry["sha256"]) == 64
    assert entry["finished_at"] >= entry["started_at"]
    assert entry["report"]["problems"] == to_json(report)["problems"]


def test_bad_rows_are_told_and_put_beside_the_file_and_the_others_go_in(importer, tmp_path):
    rows = [
        {"MA_ONG": "WP-1", "DN": "100", "TINH_TRANG": "Đang sử dụng"},
        {"MA_ONG": "WP-2", "DN": "5", "TINH_TRANG": "đẹp"},
        {"MA_ONG": "WP-1", "DN": "100", "TINH_TRANG": ""},
        {"MA_ONG": "WP-4", "DN": "100", "TINH_TRANG": ""},
    ]
    path = write_pipes(tmp_path, rows, [LINE, LINE, LINE, LineString([(X, Y), (X, Y)])])
    report = importer.load(path, owner="SAWACO")
    assert (report.accepted, report.rejected, report.exit_code) == (1, 3, 1)
    assert sorted(str(problem) for problem in report.problems) == [
        "row 2: DN '5': is below the least allowed, 15 mm",
        "row 2: TINH_TRANG 'đẹp': is none of the codes proposed, under_construction, installed, commissioned,"
        " in_service, out_of_commission, decommissioned, abandoned, removed, unfit, unknown, nor a title"
        " or synonym of one; say which with --code TINH_TRANG:VALUE=CODE",
        "row 3: asset_code 'WP-1': came before in this file, for the same owner 'SAWACO', in row 1",
        "row 4: geometry: is a line shorter than 1 mm at 603000.000 1191000.000",
    ]
    assert report.rejected_file == tmp_path / "pipes.rejected.gpkg"
    with sqlite3.connect(report.rejected_file) as file:
        kept = file.execute("SELECT row_number, MA_ONG, row_reason FROM rejected ORDER BY row_number").fetchall()
    assert [line[:2] for line in kept] == [(2, "WP-2"), (3, "WP-1"), (4, "WP-4")]
    assert all(words in kept[0][2] for words in ("DN: is below the least allowed, 15 mm", "TINH_TRANG: is none of"))
    assert [row["asset_code"] for row in importer.read_rows()] == ["WP-1"]


def test_rejected_rows_once_mended_can_be_imported_again(importer, tmp_path):
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 100}, {"MA_ONG": "WP-2", "DN": 5}])
    first = importer.load(path, owner="SAWACO")
    mended = geopandas.read_file(first.rejected_file).assign(DN=150)
    mended.to_file(tmp_path / "mended.gpkg")
    second = importer.load(tmp_path / "mended.gpkg", owner="SAWACO")
    assert (second.accepted, second.rejected) == (1, 0)
    rows = importer.read_rows()
    assert [(row["asset_code"], row["nominal_diameter_mm"]) for row in rows] == [("WP-1", 100), ("WP-2", 150)]
    assert rows[0]["shape"].equals_exact(rows[1]["shape"], 1e-6)


def test_older_rejected_rows_are_not_overwritten(importer, tmp_path):
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 100}, {"MA_ONG": "WP-2", "DN": 5}])
    (tmp_path / "pipes.rejected.gpkg").write_text("older")
    report = importer.load(path)
    assert report.rejected_file == tmp_path / "pipes.rejected-2.gpkg"
    assert (tmp_path / "pipes.rejected.gpkg").read_text() == "older"


def test_a_code_that_the_layer_has_is_rejected_where_that_is_asked_and_the_old_row_stays(importer, tmp_path):
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 300}]), owner="SAWACO")
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 100}, {"MA_ONG": "WP-2", "DN": 100}])
    report = importer.load(path, owner="SAWACO", on_duplicate="reject")
    assert [problem.reason for problem in report.problems] == ["is already in the layer, for the same owner 'SAWACO'"]
    assert [row["nominal_diameter_mm"] for row in importer.read_rows()] == [300, 100]


def test_the_same_code_of_another_owner_goes_in(importer, tmp_path):
    path = write_pipes(
        tmp_path, [{"MA_ONG": "1", "CHU_SH": "A"}, {"MA_ONG": "1", "CHU_SH": "B"}, {"MA_ONG": "1", "CHU_SH": ""}]
    )
    assert importer.load(path).accepted == 3


def test_a_file_of_which_nothing_is_accepted_leaves_no_trace(importer, tmp_path):
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 5}])
    report = importer.load(path)
    assert (report.exit_code, report.import_id) == (2, None)
    assert importer.read_rows() == []
    assert importer.read_batches() == []


def test_a_dry_run_reports_the_same_and_changes_nothing(importer, tmp_path):
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 100}, {"MA_ONG": "WP-2", "DN": 5}])
    before = sorted(tmp_path.iterdir())
    dry = importer.load(path, dry_run=True)
    assert (dry.accepted, dry.rejected, dry.exit_code, dry.import_id) == (1, 1, 1, None)
    assert importer.read_rows() == []
    assert importer.read_batches() == []
    assert sorted(tmp_path.iterdir()) == before
    assert importer.load(path).problems == dry.problems


@pytest.mark.parametrize(
    ("actor", "layer_id", "error"),
    [
        (ANONYMOUS, "fire_hydrant", SignInNeeded),
        (ANONYMOUS, "water_pipe", UnknownLayer),
        (make_actor(("water_pipe", "editor")), "water_pipe", NotPermitted),
        (make_actor(("sector:power", "importer")), "water_pipe", NotPermitted),
    ],
)
def test_only_those_who_may_import_do(importer, tmp_path, actor, layer_id, error):
    path = write_pipes(tmp_path, [{"MA_ONG": "WP-1"}])
    with pytest.raises(error):
        importer.load(path, actor, layer_id=layer_id)
    assert importer.read_rows() == []


@pytest.mark.parametrize(
    ("file", "asked", "error", "words"),
    [
        (
            {"prj": None, "at": (650000, 1191000)},
            {},
            InvalidCrs,
            "is not sure: the file does not say.*EPSG:3405.*--crs",
        ),
        ({"prj": 28992}, {}, InvalidCrs, "is not sure.*EPSG:9210.*in the city"),
        ({}, {"crs": "EPSG:5899"}, InvalidCrs, "lands 11[0-9.]+ km outside the city.*--accept-outside"),
        ({}, {"crs": "EPSG:9999"}, InvalidCrs, "EPSG has no coordinate system 9999"),
        ({"text": "Müller"}, {}, InvalidParameter, "encoding of pipes.shp is not sure.*--encoding"),
        ({}, {"encoding": "klingon"}, InvalidParameter, "'klingon' is not known"),
        ({}, {"mapping": {"X": "name"}}, InvalidParameter, "no column 'X'; it has TEN"),
        ({"empty": True}, {}, InvalidSource, "pipes.shp has no features"),
    ],
)
def test_what_cannot_be_decided_is_asked_and_nothing_is_done(importer, tmp_path, file, asked, error, words):
    x, y = file.get("at", (X, Y))
    shapes = [] if file.get("empty") else [LineString([(x, y), (x + 1, y)])]
    write_shapefile(
        tmp_path / "pipes.shp",
        {"TEN": [file.get("text", "a")][: len(shapes)]},
        shapes,
        encoding="latin-1",
        prj=file.get("prj", 9210),
        geometry_type="LineString",
    )
    with pytest.raises(error, match=words):
        importer.load(tmp_path / "pipes.shp", **asked)
    assert importer.read_rows() == []
    assert importer.read_batches() == []


def test_what_lies_outside_the_city_is_rejected_unless_taken(importer, tmp_path):
    far = LineString([(X, Y + 300_000), (X + 1, Y + 300_000)])
    path = write_pipes(tmp_path, [{"MA_ONG": "1"}, {"MA_ONG": "2"}], [LINE, far])
    assert importer.load(path, dry_run=True).rejected == 1
    assert importer.load(path, accept_outside=True).rejected == 0


def test_a_lying_datum_and_a_missing_prj_load_at_the_right_place_once_taken_and_are_said(importer, tmp_path):
    lie = TM3_ESRI.format(name="HCM", datum="WGS_1984", meridian=105.75, scale=0.9999)
    for name, prj, words in (("a", lie, "names the datum"), ("b", None, "does not say its coordinate system")):
        path = write_pipes(tmp_path, [{"TEN": name}], prj=prj)
        report = importer.load(path, accept_guess=True)
        assert words in report.decisions[0]
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            path.with_suffix(suffix).unlink(missing_ok=True)
    rows = importer.read_rows()
    assert len(rows) == 2 and all(row["shape"].equals_exact(LINE, 0) for row in rows)


def test_the_importer_and_postgis_shift_the_datum_alike(importer, tmp_path):
    path = write_shapefile(tmp_path / "h.shp", {"TEN": ["a", "b"]}, [Point(106.7, 10.77), Point(107.2, 11.2)], prj=4326)
    importer.load(path, layer_id="fire_hydrant")
    table = importer.tables.get("fire_hydrant")
    with reading(importer.engine) as connection:
        lonlat = func.st_transform(table.c.geom, 4326)
        query = select(func.st_x(lonlat), func.st_y(lonlat)).order_by(table.c.id)
        found = [tuple(row) for row in connection.execute(query)]
    # 1e-8 degrees is a millimetre; on either side of the seam that PROJ would make by itself
    assert found == [pytest.approx(each, abs=1e-8) for each in ((106.7, 10.77), (107.2, 11.2))]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_other_formats_load_too(importer, tmp_path, suffix):
    x, y = get_transformer(9210, 4326).transform(X, Y)
    frame = geopandas.GeoDataFrame({"Tên": ["Trụ cứu hỏa số 1"]}, geometry=[Point(x, y)], crs=4326)
    frame.to_file(tmp_path / f"hydrants{suffix}")
    report = importer.load(tmp_path / f"hydrants{suffix}", layer_id="fire_hydrant")
    assert report.exit_code == 0
    (row,) = importer.read_rows("fire_hydrant")
    assert row["name"] == "Trụ cứu hỏa số 1"
    assert row["shape"].distance(Point(X, Y)) < 0.001


def test_row_ids_of_earlier_imports_stay_when_more_comes_in(importer, tmp_path):
    importer.load(write_pipes(tmp_path, [{"TEN": "a"}, {"TEN": "b"}]))
    before = [(row["id"], row["name"]) for row in importer.read_rows()]
    importer.load(write_pipes(tmp_path, [{"TEN": "c"}]))
    assert [(row["id"], row["name"]) for row in importer.read_rows()][:2] == before


def test_progress_is_told_up_to_the_last_row(importer, tmp_path):
    path = write_pipes(tmp_path, [{"TEN": "a"}] * 5)
    told = []
    import_file(importer.engine, importer.make_request(path), SYSTEM, lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)


def move(line, srid):
    """A line of EPSG:9210 in another CRS, its heights as they are."""
    if srid == 9210:
        return line
    transform = get_transformer(9210, srid).transform
    return shapely.transform(
        line, lambda x, y, *z: (*transform(x, y, *z)[:2], *z), include_z=line.has_z, interleaved=False
    )


SYLLABLES = st.sampled_from(
    ["đường", "Nguyễn", "ống", "nước", "quận", "Trần", "Hưng", "Đạo", "cống", "hẻm", "PVC", "12"]
)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=6).map(" ".join)
PLACES = st.tuples(st.floats(570_000, 680_000), st.floats(1_150_000, 1_260_000), st.floats(-20, 60))
FEATURES = st.lists(
    st.tuples(NAMES, st.integers(15, 4000), st.lists(PLACES, min_size=2, max_size=4, unique=True)),
    min_size=1,
    max_size=4,
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    FEATURES,
    st.sampled_from(["UTF-8", "TCVN3", "VNI", "CP1258", "VISCII", "VPS"]),
    st.sampled_from([9210, 5899, 3405, 32648, 4326]),
    st.booleans(),
)
def test_whatever_is_written_comes_back_to_the_letter_and_the_millimetre(
    importer, tmp_path_factory, features, encoding, srid, heighted
):
    lines = [LineString(places if heighted else [place[:2] for place in places]) for _, _, places in features]
    written = [move(line, srid) for line in lines]
    path = write_shapefile(
        tmp_path_factory.mktemp("trip") / "pipes.shp",
        {"TEN": [name for name, _, _ in features], "DN": [size for _, size, _ in features]},
        written,
        encoding=encoding,
        prj=srid,
    )
    report = importer.load(path, encoding=encoding, crs=f"EPSG:{srid}")
    rows = importer.read_rows()
    importer.empty()
    refused = {problem.row for problem in report.problems if problem.is_error}
    kept = [index for index in range(len(features)) if index + 1 not in refused]
    assert all("shorter than 1 mm" in problem.reason for problem in report.problems)
    assert len(rows) == len(kept)
    for row, index in zip(rows, kept, strict=True):
        name, size, places = features[index]
        assert (row["name"], row["nominal_diameter_mm"]) == (name, size)
        for found, place in zip(row["shape"].coords, places, strict=True):
            assert found[:2] == pytest.approx(place[:2], abs=0.001)
            assert not row["shape"].has_z or found[2] == place[2]
        assert row["shape"].has_z == (heighted and any(place[2] != 0 for place in places))
