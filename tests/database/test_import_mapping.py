"""What surveyors write in columns, from the file into the layer: names, units, codes, dates, checks, and profiles."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.mapping.profile_reading import read_profile
from gis_infra.transfer.mapping.profile_writing import write_profile
from gis_infra.transfer.mapping.profiles import Profile, find_entry, merge, profile_of, to_reading
from gis_infra.transfer.planning import open_plan
from gis_infra.transfer.request import Reading
from tests.imports import write_pipes

ROWS = [
    {"MA_ONG": "WP-1", "DK_CM": 15.0, "VATLIEU": "Ống HDPE D150", "NAM_LD": "Quý II/2018", "L": 12.5},
    {"MA_ONG": "WP-2", "DK_CM": 20.0, "VATLIEU": "gang cầu", "NAM_LD": "tháng 3 năm 2019", "L": 7.0},
    {"MA_ONG": "WP-3", "DK_CM": 11.0, "VATLIEU": "2", "NAM_LD": "15/4/2020", "L": 1.0},
]


def list_problems(report):
    return [(each.row, each.field, each.reason, each.is_error) for each in report.problems]


def test_names_units_codes_and_dates_are_read_as_they_are_written(importer, tmp_path):
    path = write_pipes(tmp_path, ROWS)
    report = importer.load(path, owner="SAWACO", codes={"VATLIEU": {"2": "steel"}})
    assert (report.accepted, report.rejected) == (3, 0)
    found = [(row["nominal_diameter_mm"], row["material"], row["installed_on"]) for row in importer.read_rows()]
    assert found == [
        (150, "hdpe", date(2018, 4, 1)),
        (200, "ductile_iron", date(2019, 3, 1)),
        (110, "steel", date(2020, 4, 15)),
    ]
    assert [row["source_attributes"] for row in importer.read_rows()] == [{"L": 12.5}, {"L": 7.0}, {"L": 1.0}]
    assert any("dates without a day, such as Quý II/2018" in remark for remark in report.how.remarks)


def test_the_month_comes_first_in_a_column_where_one_date_can_be_no_other(importer, tmp_path):
    rows = [{"MA_ONG": "A", "NGAY_LD": "3/4/2020"}, {"MA_ONG": "B", "NGAY_LD": "12/31/2020"}]
    importer.load(write_pipes(tmp_path, rows))
    assert [row["installed_on"] for row in importer.read_rows()] == [date(2020, 3, 4), date(2020, 12, 31)]


def test_diameters_in_metres_are_told_and_never_turned_into_millimetres_unasked(importer, tmp_path):
    rows = [{"MA_ONG": code, "DUONG_KINH": size} for code, size in zip("ABC", (0.1, 0.3, 0.6), strict=True)]
    path = write_pipes(tmp_path, rows)
    report = importer.load(path, dry_run=True)
    assert report.accepted == 0
    assert "say --unit DUONG_KINH=m or" in report.how.doubts[0]
    with pytest.raises(InvalidParameter, match="are odd for nominal_diameter_mm"):
        importer.load(path, strict=True)
    assert importer.load(path, units={"DUONG_KINH": "m"}, strict=True).accepted == 3
    assert [row["nominal_diameter_mm"] for row in importer.read_rows()] == [100, 300, 600]


LATER = date.today() + timedelta(days=400)


@pytest.mark.parametrize(
    ("row", "field", "reason", "is_error"),
    [
        (
            {"NGAY_LD": "1/1/2020", "NGAY_NSD": "1/1/2019"},
            "NGAY_LD",
            "must hold: installed_on <= decommissioned_on (Installed before it is decommissioned); "
            "here decommissioned_on is 2019-01-01",
            True,
        ),
        (
            {"CD_DAY": 2.5, "CD_DINH": 2.1},
            "CD_DAY",
            "must hold: invert_level_m < crown_level_m (The invert lies below the crown); here crown_level_m is 2.1",
            True,
        ),
        (
            {"NGAY_KS": f"{LATER:%d/%m/%Y}"},
            "NGAY_KS",
            "must hold: survey_date <= today (Surveyed no later than today)",
            True,
        ),
        (
            {"DN": 200, "DK_NGOAI": 160},
            "DN",
            "must hold: nominal_diameter_mm <= outer_diameter_mm (The nominal diameter is no larger than the outer "
            "one); here outer_diameter_mm is 160.0",
            False,
        ),
        ({"NGAY_LD": "15/3/98"}, "NGAY_LD", "the year has two digits and is read as 1998", False),
    ],
)
def test_what_must_hold_is_told_by_row_and_a_warning_rejects_only_where_they_count(
    importer, tmp_path, row, field, reason, is_error
):
    path = write_pipes(tmp_path, [{"MA_ONG": "A", **row}])
    report = importer.load(path, dry_run=True)
    assert list_problems(report) == [(1, field, reason, is_error)]
    assert report.rejected == is_error
    strict = importer.load(path, dry_run=True, strict=True)
    assert list_problems(strict) == [(1, field, reason, True)] and strict.rejected == 1


def test_what_is_planned_may_be_installed_in_the_future(importer, tmp_path):
    rows = [{"MA_ONG": code, "NGAY_LD": f"{LATER:%d/%m/%Y}", "TINH_TRANG": "quy hoạch"} for code in "AB"]
    assert list_problems(importer.load(write_pipes(tmp_path, rows), dry_run=True)) == []


def test_a_profile_made_from_an_import_reads_the_next_file_in_the_same_way(importer, tmp_path):
    columns = {"MA": "asset_code", "DK": "nominal_diameter_mm", "NGAY": "installed_on", "X1": "", "VL": "material"}
    said = {"units": {"DK": "cm"}, "codes": {"VL": {"2": "steel", "?": ""}}, "crs": "EPSG:5899"}
    rows = [{"MA": "A", "DK": 15, "NGAY": "12/31/2019", "X1": "a", "VL": "2"}]
    path = write_pipes(tmp_path, rows, prj=None).rename(tmp_path / "ong_2024.shp")
    for part in tmp_path.glob("pipes.*"):
        part.rename(path.with_suffix(part.suffix))
    request = importer.make_request(path, mapping=columns, accept_outside=True, **said)
    with open_plan(request) as plan:
        profile = profile_of(plan, Profile("cho_lon", owner="SAWACO"))
    write_profile(tmp_path / "profiles", profile)
    known = read_profile(tmp_path / "profiles", "cho_lon", importer.catalogue)
    (entry,) = known.entries
    assert (entry.source, entry.layer, entry.crs) == ("ong_*", "water_pipe", "EPSG:5899")
    assert entry.mapping == columns and entry.codes == said["codes"]
    assert entry.units == {"DK": "cm", "NGAY": "mm/dd/yyyy"}
    found = find_entry(known, "ONG_2025")
    assert found is not None
    again = importer.make_request(path, accept_outside=True)
    with open_plan(replace(again, reading=merge(to_reading(found), Reading()))) as plan:
        assert profile_of(plan, known) == known
        assert [each.reason for each in plan.mapped.columns] == ["as asked"] * 5


def test_a_profile_s_column_that_a_file_lacks_is_told_and_the_rest_goes_in(importer, tmp_path):
    known = Reading(mapping={"MA_ONG": "asset_code", "GONE": "street"}, remembered=frozenset({"MA_ONG", "GONE"}))
    path = write_pipes(tmp_path, [{"MA_ONG": "A", "DN": 100}])
    report = importer.load(path, mapping=known.mapping, remembered=known.remembered)
    assert report.accepted == 1
    assert "the profile names columns the file does not have: GONE" in report.how.remarks
