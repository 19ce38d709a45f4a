"""What a client calls a file never becomes a path."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.errors import InvalidSource
from gis_infra.processes.uploads.receiving import BESIDE, LONGEST_STEM, to_safe_name
from gis_infra.processes.uploads.store import MAIN
from gis_infra.transfer.sources import archives, formats

HARMLESS = frozenset("-_.")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("pipes.shp", "pipes.shp"),
        ("PIPES.SHP", "PIPES.shp"),
        ("pipes.shp.xml", "pipes.xml"),
        ("Ống cấp nước (2024).gpkg", "Ống_cấp_nước__2024.gpkg"),
        ("O\u0302\u0301ng.gpkg", "Ống.gpkg"),
        ("../../etc/cron.d/x.csv", "x.csv"),
        ("C:\\survey\\pipes.tab", "pipes.tab"),
        (".csv", "file.csv"),
        ("...csv", "file.csv"),
        ("a\x00b.csv", "a_b.csv"),
        ("-rf.csv", "-rf.csv"),
        ("x" * 300 + ".zip", "x" * LONGEST_STEM + ".zip"),
    ],
)
def test_a_name_is_made_from_letters_and_digits(given, made):
    assert to_safe_name(given) == made


@pytest.mark.parametrize("given", ["", "a", "a.exe", "a.shp/", "a.", "passwd", "a.csv\n", "a.py"])
def test_a_file_of_no_use_is_refused_with_what_is(given):
    with pytest.raises(InvalidSource, match=r"is of no use here; hand in \.shp, \.zip"):
        to_safe_name(given)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.sampled_from([*MAIN, *BESIDE]))
def test_no_name_leads_out_of_its_folder(stem, suffix):
    name = to_safe_name(stem + suffix)
    assert PurePosixPath(name).name == name and not name.startswith(".") and len(name.encode()) <= 255
    assert all(each.isalnum() or each in HARMLESS for each in name)
    assert Path(name).suffix == suffix


def test_every_kind_of_file_an_import_reads_may_be_handed_in():
    assert set(MAIN) == {*formats.BY_SUFFIX, *archives.SUFFIXES}
    assert set(formats.PARTS) <= {*MAIN, *BESIDE}
