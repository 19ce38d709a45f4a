"""The report as a value: what is stored as JSON comes back whole."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Title
from gis_infra.transfer.problems import RowProblem
from gis_infra.transfer.reporting.report import ColumnUse, HowRead, Problems, from_json, to_json
from gis_infra.transfer.reporting.tally import Example
from tests.unit.transfer.reporting.reports import LOW, make_report

TEXT = st.text(max_size=8)
COUNT = st.integers(0, 10**9)
TITLES = st.builds(Title, TEXT, TEXT)
PLACES = st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 2e6)), max_size=3).map(tuple)
USES = st.builds(ColumnUse, TEXT, st.none() | TEXT, TEXT, st.none() | TEXT, st.dictionaries(TEXT, TEXT, max_size=2))
READINGS = st.builds(
    HowRead,
    crs=TEXT,
    crs_reason=TEXT,
    swap_xy=st.booleans(),
    encodings=st.dictionaries(TEXT, TEXT, max_size=2),
    columns=st.lists(USES, max_size=2).map(tuple),
    remarks=st.lists(TEXT, max_size=2).map(tuple),
    doubts=st.lists(TEXT, max_size=2).map(tuple),
)
EXAMPLES = st.lists(st.builds(Example, COUNT, TEXT, TEXT), max_size=2).map(tuple)
KINDS = st.builds(Problems, TEXT, TEXT, COUNT, st.booleans(), EXAMPLES, st.none() | TITLES)
PROBLEMS = st.builds(RowProblem, COUNT, TEXT, TEXT, TEXT, st.booleans())
REPORTS = st.builds(
    make_report,
    import_id=st.none() | COUNT,
    layer_title=TITLES,
    file=TEXT,
    rows=COUNT,
    accepted=COUNT,
    seconds=st.integers(0, 10**6).map(lambda number: number / 1000),
    how=READINGS,
    is_dry_run=st.booleans(),
    deleted_rows=st.lists(TEXT, max_size=2).map(tuple),
    kinds=st.lists(KINDS, max_size=2).map(tuple),
    problems=st.lists(PROBLEMS, max_size=2).map(tuple),
    rejected_file=st.none() | st.just(Path("/data/pipes.rejected.gpkg")),
    elsewhere=TEXT,
    again=st.lists(TEXT, max_size=3).map(tuple),
    settings=st.dictionaries(TEXT, TEXT | st.booleans(), max_size=2),
    accepted_places=PLACES,
    rejected_places=PLACES,
)


@given(REPORTS)
def test_a_report_comes_back_from_json_as_it_was(report):
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


@pytest.mark.parametrize(("accepted", "rejected", "code"), [(4, 0, 0), (3, 1, 1), (0, 4, 2), (0, 0, 2)])
def test_the_exit_code_says_whether_all_some_or_none_went_in(accepted, rejected, code):
    assert make_report(accepted=accepted, rejected=rejected).exit_code == code


def test_counts_add_errors_and_warnings_of_one_reason():
    warning = Problems(LOW.field, LOW.reason, 3, is_error=False)
    assert make_report(kinds=(LOW, warning)).counts == {"DK: is below the least allowed, 15 mm": 5}


def test_decisions_tell_how_the_file_was_read_line_by_line():
    assert make_report(notes=("M values dropped: 4",)).decisions == (
        "coordinate system: EPSG:9210 (VN-2000 / TM-3 105-45), the file says so",
        "lands in the city",
        "text: TCVN3, 98% of the words are Vietnamese syllables",
        "column MA -> asset_code, by alias",
        "column DK -> diameter, by alias, in m",
        "kept in source_attributes: TO",
        "the .shx was missing and was rebuilt",
        "M values dropped: 4",
    )


def test_the_command_for_the_rejected_rows_can_be_pasted():
    report = make_report(rejected_file=Path("/data/khảo sát/pipes.rejected.gpkg"))
    command = "gis-infra import '/data/khảo sát/pipes.rejected.gpkg' --layer water_pipe --owner 'Cấp nước 1'"
    assert report.command == command
    assert make_report().command == ""
