"""The report as a person at a terminal reads it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from gis_infra.transfer.problems import RowProblem
from gis_infra.transfer.reporting.report import Problems
from gis_infra.transfer.reporting.tally import Example
from gis_infra.transfer.reporting.terminal import MOST_KINDS, clean, make_summary_table, print_report
from tests.unit.transfer.reporting.reports import LOW, make_report


def tell(report, **more):
    """What is printed, with the width of a small terminal."""
    console = Console(file=io.StringIO(), width=60, **more)
    print_report(console, report)
    return console.file.getvalue()


def test_what_was_read_what_went_in_and_what_to_do_is_said(tmp_path):
    told = tell(make_report(rejected_file=tmp_path / "pipes.rejected.gpkg"))
    assert told.splitlines() == [
        "pipes.shp → water_pipe (Water pipe)",
        "  coordinates EPSG:9210 (VN-2000 / TM-3 105-45): the file says so",
        "              lands in the city",
        "  text        TCVN3: 98% of the words are Vietnamese syllables",
        "  columns     MA → asset_code, by alias",
        "              DK → diameter, by alias, in m",
        "  kept        TO (as source_attributes; into a field with --map COLUMN=field)",
        "  file        the .shx was missing and was rebuilt",
        "  went in     2 of 4 rows: 2 inserted",
        "  rejected    2 rows: DK: is below the least allowed, 15 mm",
        "              row 2: '5', row 3: '7'",
        "              → say its unit: --unit DK=cm",
        "  noticed     1 row: geometry: was repaired: Self-intersection",
        "              row 1 at 5 6",
        f"  next        the rejected rows are in {tmp_path / 'pipes.rejected.gpkg'}, each with its reasons",
        "              mend them there, in QGIS, and import that file:",
        f"                gis-infra import {tmp_path / 'pipes.rejected.gpkg'} --layer water_pipe --owner 'Cấp nước 1'",
        "pipes.shp: 2 of 4 rows went into water_pipe, 2 rejected (0.2 s, import 17)",
    ]


def test_what_all_rows_have_in_common_is_said_once():
    kind = Problems("DK", "is odd", 3950, is_error=True, examples=(Example(1, "x"), Example(2, "y")))
    problems = tuple(RowProblem(row, "DK", "x", "is odd") for row in range(1, 1000))
    told = tell(make_report(rows=3950, accepted=0, rejected=3950, kinds=(kind,), problems=problems))
    assert told.count("is odd") == 1
    assert "all 3,950 rows: DK: is odd" in told


def test_many_reasons_are_no_wall():
    kinds = tuple(Problems("DK", f"is odd {number}", 1, is_error=True) for number in range(MOST_KINDS + 7))
    told = tell(make_report(kinds=kinds))
    assert told.count("is odd") == MOST_KINDS
    assert "and 7 more reasons; --report FILE.html tells them all" in told


def test_a_dry_run_says_what_would_be():
    told = tell(make_report(is_dry_run=True, import_id=None, deleted=30, deleted_rows=("WP-1", "WP-2")))
    assert "dry run, nothing was changed" in told
    assert "would go in 2 of 4 rows" in told
    assert "would go    30 rows of the owner that the file lacks: WP-1, WP-2 and 28 more" in told
    assert "2 of 4 rows would go into water_pipe" in told


def test_why_the_rejected_rows_are_elsewhere_or_lost_is_said(tmp_path):
    reason = "/cd cannot be written to (Read-only file system)"
    assert f"(not beside the file: {reason})" in tell(make_report(rejected_file=tmp_path / "x.gpkg", elsewhere=reason))
    assert f"the rejected rows could not be kept: {reason}" in tell(make_report(elsewhere=reason))


@pytest.mark.parametrize(
    ("more", "has_colors"), [({"force_terminal": True, "color_system": "standard"}, True), ({}, False)]
)
def test_colors_are_the_terminals_alone(more, has_colors):
    assert ("\x1b[" in tell(make_report(), **more)) == has_colors


def test_no_value_of_a_file_writes_to_the_terminal():
    evil = "\x1b]0;pwned\x07\x1b[31m[red]\u202e\n"
    kind = Problems(evil, evil, 1, is_error=True, examples=(Example(1, evil, evil),))
    told = tell(make_report(file=evil, kinds=(kind, LOW)))
    assert "\x1b" not in told and "\x07" not in told and "\u202e" not in told
    assert "\\x1b[31m[red]" in told


@given(st.text())
def test_clean_text_is_one_printable_line_and_keeps_what_was_so(text):
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert cleaned == text or not text.isprintable()


def test_several_imports_are_a_line_each():
    console = Console(file=io.StringIO(), width=100)
    console.print(make_summary_table([make_report(), make_report(source_layer="valves", layer_id="water_valve")]))
    lines = console.file.getvalue().splitlines()
    assert lines[1].split() == ["pipes", "water_pipe", "4", "2", "2", "0"]
    assert lines[2].split()[:2] == ["valves", "water_valve"]
