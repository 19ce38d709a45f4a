"""Shapefiles as they come: with parts missing, damaged, or of different lengths. The originals stay as they are."""

import re
import struct

import pytest
from shapely import LineString, Point, Polygon

from gis_infra.errors import InvalidSource
from tests.sources import cut, delete_row, put, resize_dbf, write_shapefile

FIRST_RECORD, SECOND_RECORD = 100, 188  # a line of two points takes 8 + 80 bytes


def read_all(path):
    """The bytes of all files of the same name."""
    return {part.name: part.read_bytes() for part in path.parent.glob(f"{path.stem}.*")}


def spoil(path):
    path.write_bytes(b"not a shapefile at all" * 10)


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def swap(path):
    content = path.read_bytes()
    path.write_bytes(content[:100] + content[108:116] + content[100:108])


def lead_astray(path):
    put(path, 108, struct.pack(">ii", 60, 40))


def shorten(path):
    path.write_bytes(path.read_bytes()[:24] + struct.pack(">i", 54) + path.read_bytes()[28:108])


def cut_five(path):
    cut(path, 5)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (remove, r"pipes.shp has no .shx, the index of its shapes: it was built anew"),
        (empty, r"pipes.shx, the index of shapes, is damaged: it was built anew"),
        (spoil, r"pipes.shx, the index of shapes, is damaged"),
        (cut_five, r"pipes.shx, the index of shapes, is damaged"),
        (lead_astray, r"pipes.shx, the index of shapes, does not fit the .shp"),
        (shorten, r"pipes.shx, the index of shapes, has 1 of the 2 there are"),
    ],
)
def test_an_index_that_is_missing_or_wrong_is_built_anew_beside_the_original(pipes, read, harm, words):
    _, whole_rows, whole_shapes = read(pipes)
    harm(pipes.with_suffix(".shx"))
    before = read_all(pipes)
    source, rows, shapes = read(pipes)
    assert (rows, shapes) == (whole_rows, whole_shapes)
    assert len(source.remarks) == 1
    assert re.search(words, source.remarks[0])
    assert read_all(pipes) == before


def test_an_index_in_another_order_is_the_order_of_the_rows(pipes, read):
    swap(pipes.with_suffix(".shx"))
    source, rows, shapes = read(pipes)
    assert source.remarks == ()
    assert [row["DN"] for row in rows] == [100, 150]
    assert [shape.coords[0][1] for shape in shapes] == [1191005, 1191000]


def test_shapes_without_a_row_come_with_empty_attributes_and_it_is_said(pipes, read):
    resize_dbf(pipes.with_suffix(".dbf"), 1)
    before = read_all(pipes)
    source, rows, shapes = read(pipes)
    assert source.count == 2
    assert [row["DN"] for row in rows] == [100, None]
    assert [shape.coords[0][1] for shape in shapes] == [1191000, 1191005]
    assert source.remarks == (
        "pipes.shp has 2 shapes, and its .dbf 1 rows of attributes: the first 1 of both go together in order, and the "
        "other 1 shapes have no attributes; if a row was taken out of the .dbf by hand, all rows after it are wrong",
    )
    assert read_all(pipes) == before


def test_rows_without_a_shape_come_without_one_and_it_is_said(pipes, read):
    resize_dbf(pipes.with_suffix(".dbf"), 4)
    source, rows, shapes = read(pipes)
    assert source.count == 4
    assert [row["DN"] for row in rows] == [100, 150, 150, 150]
    assert [shape is None for shape in shapes] == [False, False, True, True]
    assert "and the other 2 rows have no shape" in source.remarks[0]


def test_deleted_rows_are_left_out_with_their_shapes_and_counted(pipes, read):
    delete_row(pipes.with_suffix(".dbf"), 1)
    source, rows, shapes = read(pipes)
    assert source.count == 1
    assert [row["DN"] for row in rows] == [150]
    assert shapes[0].coords[0][1] == 1191005
    assert source.remarks == ("pipes.dbf: rows marked as deleted, left out: 1",)


def test_deleted_rows_keep_their_place_when_shapes_are_more(pipes, read):
    delete_row(pipes.with_suffix(".dbf"), 1)
    resize_dbf(pipes.with_suffix(".dbf"), 1)
    source, rows, shapes = read(pipes)
    assert source.count == len(rows) == 1
    assert rows[0]["DN"] is None
    assert shapes[0].coords[0][1] == 1191005


@pytest.mark.parametrize(
    ("suffix", "harm", "words"),
    [
        (".dbf", remove, "pipes.shp has no .dbf beside it, which holds the attributes; .* with --bare-geometry"),
        (".dbf", empty, "pipes.dbf, which holds the attributes, is empty.* with --bare-geometry"),
        (".dbf", spoil, "pipes.dbf is not the attributes of a shapefile; .* with --bare-geometry"),
        (".dbf", cut_five, "pipes.dbf is cut off: it says 2 rows of .* with --bare-geometry"),
        (".shp", cut_five, "pipes.shp is cut off: it says 276 bytes and holds 271; ask for the file again"),
        (".shp", spoil, "pipes.shp is not a shapefile: its first bytes are not those of one"),
        (".shp", empty, "pipes.shp is empty"),
        (
            ".prj",
            lambda path: path.write_bytes(b"x" * 2_000_000),
            "pipes.prj has 2,000,000 bytes, .* not what its name",
        ),
    ],
)
def test_what_cannot_be_mended_is_refused_with_a_next_step(pipes, look, suffix, harm, words):
    harm(pipes.with_suffix(suffix))
    with pytest.raises(InvalidSource, match=words):
        look(pipes)


@pytest.mark.parametrize("harm", [remove, empty, spoil, cut_five])
def test_shapes_are_taken_alone_when_asked(pipes, read, harm):
    harm(pipes.with_suffix(".dbf"))
    source, rows, shapes = read(pipes, bare_geometry=True)
    assert (source.fields, rows, len(shapes)) == ((), [{}, {}], 2)
    assert source.remarks[0].endswith(": the shapes are read alone, which an import does with --bare-geometry")
    assert "ask for" not in source.remarks[0]


def test_asking_for_bare_geometry_leaves_out_no_attributes_there_are(pipes, read):
    assert [row["DN"] for row in read(pipes, bare_geometry=True)[1]] == [100, 150]


@pytest.mark.parametrize(
    ("at", "claim"),
    [
        (FIRST_RECORD + 44, struct.pack("<i", 70_000_000)),  # parts
        (FIRST_RECORD + 48, struct.pack("<i", 2_000_000_000)),  # points
        (FIRST_RECORD + 48, struct.pack("<i", -5)),
        (FIRST_RECORD + 8, struct.pack("<i", 99)),  # kind
    ],
)
def test_a_shape_that_claims_more_than_it_has_is_left_out_and_its_row_named(pipes, read, at, claim):
    put(pipes, at, claim)
    source, rows, shapes = read(pipes)
    assert [row["DN"] for row in rows] == [100, 150]
    assert shapes[0] is None
    assert shapes[1].coords[0][1] == 1191005
    assert source.remarks == ("pipes.shp: damaged shapes, whose rows come without one: 1 (row 1)",)
    assert source.bounds == (603000, 1191005, 603010, 1191005)


def test_a_broken_record_is_found_by_the_index_to_lie_between_sound_ones(pipes, read):
    put(pipes, FIRST_RECORD + 4, struct.pack(">i", 1 << 28))
    source, _, shapes = read(pipes)
    assert [shape is None for shape in shapes] == [True, False]
    assert "does not fit the .shp, and the .shp is damaged at byte 100" in source.remarks[0]


def test_a_broken_record_without_an_index_is_refused_with_its_place(pipes, look):
    put(pipes, SECOND_RECORD + 4, struct.pack(">i", 1 << 28))
    pipes.with_suffix(".shx").unlink()
    with pytest.raises(
        InvalidSource, match=r"pipes.shp is damaged at byte 188, after 1 shapes, and pipes.shp has no .shx"
    ):
        look(pipes)


def test_records_numbered_with_gaps_are_not_put_together_with_rows_by_guess(pipes, look):
    put(pipes, SECOND_RECORD, struct.pack(">i", 7))
    pipes.with_suffix(".shx").unlink()
    assert look(pipes).count == 2  # as many shapes as rows
    resize_dbf(pipes.with_suffix(".dbf"), 3)
    with pytest.raises(
        InvalidSource, match=r"2 shapes and 3 rows of attributes, .* which belongs to which cannot be told"
    ):
        look(pipes)


def test_the_extent_is_of_the_shapes_and_not_of_a_header_that_lies(pipes, look):
    put(pipes, 36, struct.pack("<4d", 0, 0, 1, 1))
    assert look(pipes).bounds == (603000, 1191000, 603010, 1191005)


def test_shapes_beyond_the_end_the_header_gives_are_read(pipes, read):
    put(pipes, 24, struct.pack(">i", 50))
    pipes.with_suffix(".shx").unlink()
    assert len(read(pipes)[2]) == 2


def test_shapes_of_another_kind_than_the_file_are_said(tmp_path, look):
    path = write_shapefile(tmp_path / "x.shp", {"A": [1]}, [Polygon([(0, 0), (0, 1), (1, 1), (0, 0)])])
    put(path, 32, struct.pack("<i", 3))
    assert look(path).remarks == ("x.shp: shapes of another kind than the file says (3): 1 (row 1)",)


def test_multipatches_are_said(tmp_path, look):
    path = write_shapefile(tmp_path / "x.shp", {"A": [1]}, [LineString([(0, 0, 1), (1, 1, 1), (2, 2, 2)])])
    content = path.read_bytes()
    box, z = content[112:144], struct.pack("<2d3d", 1, 2, 1, 1, 2)
    points = struct.pack("<6d", 0, 0, 1, 1, 2, 2)
    record = struct.pack("<i", 31) + box + struct.pack("<iiii", 1, 3, 0, 2) + points + z
    body = struct.pack(">ii", 1, len(record) // 2) + record
    path.write_bytes(content[:24] + struct.pack(">i", (100 + len(body)) // 2) + content[28:32] + b"\x1f\0\0\0"
                     + content[36:100] + body)  # fmt: skip
    path.with_suffix(".shx").unlink()
    assert "x.shp: multipatches, which are solids and no shapes of a plan: 1" in look(path).remarks


def test_a_memo_column_whose_text_lies_elsewhere_is_said(pipes, look):
    put(pipes.with_suffix(".dbf"), 32 + 11, b"M")
    assert any("the text of T\xcaN is in a .dbt, which is not read" in remark for remark in look(pipes).remarks)


def test_columns_wider_than_their_rows_are_refused(pipes, look):
    put(pipes.with_suffix(".dbf"), 32 + 32 + 16, b"\xff")
    with pytest.raises(InvalidSource, match=r"pipes.dbf is damaged: its columns have .* bytes and its rows"):
        look(pipes)


@pytest.mark.parametrize("count", [0, 1, 40_000])
def test_a_file_of_any_size_is_surveyed_alike(tmp_path, read, count):
    shapes = [Point(600000 + number % 1000, 1190000 + number // 1000) for number in range(count)]
    path = write_shapefile(tmp_path / "p.shp", {"N": list(range(count))}, shapes, geometry_type="Point")
    path.with_suffix(".shx").unlink()
    source, rows, found = read(path)
    assert source.count == len(rows) == count
    assert found == shapes
    assert source.bounds == (
        (600000, 1190000, 600000 + min(count, 1000) - 1, 1190000 + (count - 1) // 1000) if count else None
    )
