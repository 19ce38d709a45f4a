"""Rejected rows as a file: what it holds, what its columns are called, where it goes."""

import sqlite3
import tempfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from gis_infra.errors import StorageError
from gis_infra.transfer.reporting import rejected
from gis_infra.transfer.reporting.rejected import (
    REASON,
    ROW,
    RejectedFile,
    choose_names,
    name_beside,
    reserve,
    restore_names,
)

NAMES = st.lists(
    st.sampled_from(["fid", "FID", "geom", "Geom_", "ogc_fid", "geometry", ROW, REASON, "fid__", "TÊN", "a b", "Dòng"]),
    unique_by=str.casefold,
    max_size=8,
).filter(lambda names: not {ROW, REASON} <= set(names))


def make_rows(columns, shapes):
    """Rows as a batch refuses them: row 1, 2, ..., each "bad"."""
    arrays = [pa.array(values) for values in columns.values()]
    numbers = pa.array(range(1, len(shapes) + 1), pa.int64())
    reasons = pa.array(["bad"] * len(shapes))
    wkb = pa.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], pa.binary())
    return pa.Table.from_arrays([*arrays, numbers, reasons, wkb], [*columns, ROW, REASON, "geometry"])


def read_back(path):
    """Columns of the file by what the first file called them, and its shapes."""
    _, table = pyogrio.read_arrow(path)
    shapes = table.column(table.num_columns - 1)
    names = restore_names(table.column_names[:-1])
    return {ours: table[theirs].to_pylist() for theirs, ours in names.items()}, shapes.to_pylist()


@given(NAMES)
def test_any_names_come_back_as_they_were_and_ours_do_not(names):
    chosen = choose_names(names)
    assert len({name.casefold() for name in (*chosen, "fid", "geom", ROW, REASON)}) == len(names) + 4
    assert list(restore_names([*chosen, ROW, REASON]).values()) == names


def test_the_columns_of_any_other_file_stay_as_they_are():
    names = ["fid_", ROW, "A"]
    assert restore_names(names) == {name: name for name in names}


def test_names_that_differ_only_in_case_or_are_empty_can_be_written():
    assert choose_names(["Ten", "TEN", "", "ten_2"]) == ["Ten", "TEN_2", "column", "ten_2_2"]


def test_rows_are_written_with_their_types_and_come_back_to_the_letter(tmp_path):
    columns = {
        "fid": [7, 7],
        "geom": ["a", None],
        "Tên đường": ["Nguyễn Huệ", "Lê Lợi"],
        "DAI": [1.5, None],
        "NGAY": [date(2020, 5, 1), None],
        "CO": [True, False],
    }
    line = LineString([(603000, 1191000, 1.5), (603010, 1191005, 2)])
    with RejectedFile("EPSG:9210") as file:
        file.add(make_rows(columns, [line, None]))
        file.add(make_rows(columns, [line, None]))
        path = file.keep(tmp_path / "pipes.rejected.gpkg")
    found, shapes = read_back(path)
    assert found == {name: values * 2 for name, values in columns.items()}
    assert shapely.from_wkb(shapes[0]).equals_exact(line, 0) and shapes[1] is None
    assert pyogrio.read_info(path)["crs"] == "EPSG:9210"
    with sqlite3.connect(path) as database:
        assert database.execute(f"SELECT {ROW}, {REASON} FROM rejected").fetchall() == [(1, "bad"), (2, "bad")] * 2


def test_a_column_called_geometry_is_not_lost_to_the_shapes(tmp_path):
    with RejectedFile("EPSG:9210") as file:
        file.add(make_rows({"geometry": ["POINT (1 2)"]}, [Point(1, 2)]))
        path = file.keep(tmp_path / "x.rejected.gpkg")
    found, shapes = read_back(path)
    assert found == {"geometry": ["POINT (1 2)"]}
    assert shapely.from_wkb(shapes[0]).equals(Point(1, 2))


def test_a_file_with_the_northing_first_gets_the_easting_first(tmp_path):
    with RejectedFile("EPSG:9210", swap_xy=True) as file:
        file.add(make_rows({"A": [1, 2, 3]}, [Point(1191000, 603000), Point(1191000, 603000, 5), None]))
        path = file.keep(tmp_path / "x.rejected.gpkg")
    _, shapes = read_back(path)
    found = [shapely.to_wkt(shapely.from_wkb(each)) for each in shapes[:2]]
    assert found == ["POINT (603000 1191000)", "POINT Z (603000 1191000 5)"]
    assert shapes[2] is None


def test_no_rows_leave_no_file(tmp_path):
    with RejectedFile("EPSG:9210") as file:
        file.add(make_rows({"A": pa.array([], pa.int64())}, []))
        assert file.keep(tmp_path / "x.gpkg") is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path):
    wanted = tmp_path / "pipes.rejected.gpkg"
    wanted.write_text("older")
    (tmp_path / "pipes.rejected-2.gpkg").symlink_to(tmp_path / "nowhere")
    with RejectedFile("EPSG:9210") as file:
        file.add(make_rows({"A": [1]}, [Point(1, 2)]))
        assert file.keep(wanted) == tmp_path / "pipes.rejected-3.gpkg"
    assert wanted.read_text() == "older"
    assert not (tmp_path / "nowhere").exists()


def test_two_who_want_the_same_name_get_different_ones(tmp_path):
    wanted = tmp_path / "x.gpkg"
    assert [reserve(wanted).name for _ in range(3)] == ["x.gpkg", "x-2.gpkg", "x-3.gpkg"]


def test_where_the_folder_cannot_be_written_to_the_file_goes_elsewhere_and_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with RejectedFile("EPSG:9210") as file:
        file.add(make_rows({"A": [1]}, [Point(1, 2)]))
        kept = file.keep(Path("/proc/self/x.rejected.gpkg"))  # where not even root can make a file
    assert kept == tmp_path / "x.rejected.gpkg" and kept.stat().st_size > 0
    assert file.elsewhere.startswith("/proc/self cannot be written to (")


def test_where_nothing_can_be_written_the_loss_is_said_and_nothing_raised(monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    with RejectedFile("EPSG:9210") as file:
        file.add(make_rows({"A": [1]}, [Point(1, 2)]))
        monkeypatch.setattr(rejected, "move_in", refuse)
        assert file.keep(Path("/somewhere/x.rejected.gpkg")) is None
    assert "/somewhere cannot be written to (No space left on device), " in file.elsewhere


def test_a_full_disk_is_told_as_such(tmp_path):
    file = RejectedFile("EPSG:9210")
    with file:
        file.path.mkdir()  # in place of a full disk: nothing can be written there
        with pytest.raises(StorageError, match="rejected rows cannot be written"):
            file.add(make_rows({"A": [1]}, [Point(1, 2)]))


@pytest.mark.parametrize(
    ("source", "layer", "name"),
    [
        ("pipes.shp", "", "pipes.rejected.gpkg"),
        ("pipes.rejected.gpkg", "", "pipes.rejected.gpkg"),
        ("pipes.rejected-2.gpkg", "rejected", "pipes.rejected.gpkg"),
        ("survey.zip", "2024/Ống cấp nước", "survey.2024_Ống_cấp_nước.rejected.gpkg"),
        ("pipes.gpkg", "pipes", "pipes.rejected.gpkg"),
        ("v1.2 pipes.shp", "", "v1.2 pipes.rejected.gpkg"),
    ],
)
def test_the_file_is_called_after_the_source(tmp_path, source, layer, name):
    assert name_beside(tmp_path / source, None, layer) == tmp_path / name
    assert name_beside(tmp_path / source, Path("/elsewhere"), layer) == Path("/elsewhere") / name
