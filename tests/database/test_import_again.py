"""Rows the layer has already: updated, skipped, rejected or left alone; and deleted where a file replaces all."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely import LineString

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.errors import InvalidParameter, InvalidSource, NotPermitted
from tests.builders import insert
from tests.imports import LINE, OTHER_LINE, X, Y, count, write_pipes

OWNER = {"owner": "SAWACO"}
TWO = [{"MA_ONG": "WP-1", "DN": 100, "TO": 7}, {"MA_ONG": "WP-2", "DN": 150, "TO": 8}]


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        (TWO, OWNER),
        (TWO, {}),
        ([{"TEN": "a"}] * 5, OWNER),
        ([{"TEN": "a"}] * 5, {}),
        ([{"MA_ONG": "", "TEN": "a"}, {"MA_ONG": "WP-1", "TEN": "a"}], OWNER),
        ([{"TEN": "đường ống", "NAM_LD": 2015, "GHI_CHU": ""}], {}),
    ],
    ids=["keyed", "without owner", "without code", "without both", "mixed", "all kinds"],
)
def test_the_second_import_of_a_file_changes_nothing(importer, tmp_path, rows, more):
    path = write_pipes(tmp_path, rows)
    first = importer.load(path, **more)
    before = importer.read_rows()
    second = importer.load(path, **more)
    assert count(first) == {"inserted": len(rows)}
    assert count(second) == {"unchanged": len(rows)}
    assert importer.read_rows() == before
    assert importer.read_versions() == []
    assert [batch["unchanged"] for batch in importer.read_batches()] == [0, len(rows)]


def test_an_update_sets_what_the_file_has_and_leaves_the_rest(importer, tmp_path):
    importer.load(write_pipes(tmp_path, TWO), **OWNER)
    importer.run("UPDATE infra.water_pipe SET remarks = 'by hand', name = 'old' WHERE asset_code = 'WP-1'")
    before = importer.read_rows()
    changed = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "TEN": "new"}], [OTHER_LINE])
    report = importer.load(changed, **OWNER)
    assert count(report) == {"updated": 1}
    one, other = importer.read_rows()
    assert (one["id"], one["created_at"]) == (before[0]["id"], before[0]["created_at"])
    assert (one["name"], one["remarks"], one["nominal_diameter_mm"]) == ("new", "by hand", 100)
    assert one["shape"].equals_exact(OTHER_LINE, 0) and one["source_attributes"] == {"TO": 7}
    assert one["import_id"] == report.import_id
    assert other == before[1]
    kept = importer.read_versions()[-1]
    assert (kept["name"], kept["ended_by"], kept["ended_via"]) == ("old", "system", "import")
    assert kept["ended_import"] == report.import_id


def test_a_value_that_is_empty_in_the_file_is_emptied(importer, tmp_path):
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "TEN": "a"}]), **OWNER)
    assert count(importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "TEN": ""}]), **OWNER)) == {"updated": 1}
    assert importer.read_rows()[0]["name"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"DN": 101},
        {"TO": 9},
        {"shape": OTHER_LINE},
        {"shape": LineString([(X, Y, 1), (X + 10, Y + 5, 2)])},
        {"shape": LineString([(X + 10, Y + 5), (X, Y)])},
    ],
    ids=["value", "kept column", "vertex", "height", "direction"],
)
def test_every_kind_of_difference_is_one(importer, tmp_path, change):
    importer.load(write_pipes(tmp_path, TWO[:1]), **OWNER)
    values = {**TWO[0], **{name: value for name, value in change.items() if name != "shape"}}
    path = write_pipes(tmp_path, [values], [change.get("shape", LINE)])
    assert count(importer.load(path, **OWNER)) == {"updated": 1}


@pytest.mark.parametrize(
    ("on_duplicate", "counts", "sizes"),
    [
        ("update", {"inserted": 1, "updated": 1, "unchanged": 1}, [100, 200, 300]),
        ("skip", {"inserted": 1, "skipped": 2}, [100, 150, 300]),
        ("reject", {"inserted": 1, "rejected": 2}, [100, 150, 300]),
    ],
)
def test_a_key_the_layer_has_is_treated_as_asked(importer, tmp_path, on_duplicate, counts, sizes):
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "1", "DN": 100}, {"MA_ONG": "2", "DN": 150}]), **OWNER)
    again = write_pipes(tmp_path, [{"MA_ONG": str(n), "DN": n * 100} for n in (1, 2, 3)])
    dry = importer.load(again, on_duplicate=on_duplicate, dry_run=True, **OWNER)
    done = importer.load(again, on_duplicate=on_duplicate, **OWNER)
    assert count(dry) == count(done) == counts
    assert [row["nominal_diameter_mm"] for row in importer.read_rows()] == sizes


def test_the_same_code_of_another_owner_is_another_asset(importer, tmp_path):
    path = write_pipes(tmp_path, [{"MA_ONG": "1", "DN": 100}])
    importer.load(path, owner="SAWACO")
    assert count(importer.load(path, owner="UDC")) == {"inserted": 1}


def test_of_rows_that_are_alike_those_the_layer_lacks_go_in(importer, tmp_path):
    importer.load(write_pipes(tmp_path, [{"TEN": "a"}] * 2))
    assert count(importer.load(write_pipes(tmp_path, [{"TEN": "a"}] * 5))) == {"inserted": 3, "unchanged": 2}
    assert len(importer.read_rows()) == 5


def test_a_row_without_code_is_found_by_what_the_file_says_of_it(importer, tmp_path):
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "TEN": "a", "DN": 100}]), **OWNER)
    assert count(importer.load(write_pipes(tmp_path, [{"TEN": "a"}]))) == {"unchanged": 1}
    assert count(importer.load(write_pipes(tmp_path, [{"TEN": "b"}]))) == {"inserted": 1}
    assert count(importer.load(write_pipes(tmp_path, [{"TEN": "a"}], [OTHER_LINE]))) == {"inserted": 1}


def test_a_key_that_comes_twice_in_a_file_is_rejected_with_the_row_of_the_first(importer, tmp_path):
    rows = [{"MA_ONG": code} for code in ("a", "b", "a", "a")]
    report = importer.load(write_pipes(tmp_path, rows), **OWNER)
    assert count(report) == {"inserted": 2, "rejected": 2}
    words = "came before in this file, for the same owner 'SAWACO', in row 1"
    assert [(problem.row, problem.reason) for problem in report.problems] == [(3, words), (4, words)]


class TestReplace:
    """`replace` deletes what the owner has and the file lacks."""

    @pytest.fixture
    def full(self, importer, engine, tables, tmp_path):
        """Two pipes of SAWACO's by a file, one by hand without a code, and one of UDC's."""
        importer.load(write_pipes(tmp_path, TWO), **OWNER)
        with engine.begin() as connection:
            insert(connection, tables, "water_pipe", owner="SAWACO", name="bare", wkt=LINE.wkt)
            insert(connection, tables, "water_pipe", owner="UDC", asset_code="WP-9", wkt=LINE.wkt)
        return importer

    def list_codes(self, importer):
        return [row["asset_code"] or row["name"] for row in importer.read_rows()]

    def test_only_what_the_owner_has_and_the_file_lacks_is_deleted(self, full, tmp_path):
        path = write_pipes(tmp_path, [TWO[1], {"MA_ONG": "WP-3", "DN": 15, "TO": 1}])
        bare = full.read_rows()[2]["id"]
        dry = full.load(path, replace=True, dry_run=True, **OWNER)
        assert self.list_codes(full) == ["WP-1", "WP-2", "bare", "WP-9"]
        done = full.load(path, replace=True, **OWNER)
        assert count(dry) == count(done) == {"inserted": 1, "unchanged": 1, "deleted": 2}
        assert dry.deleted_rows == done.deleted_rows == ("WP-1", f"feature {bare}")
        assert self.list_codes(full) == ["WP-2", "WP-9", "WP-3"]
        gone = [(row["asset_code"], row["ended_via"], row["ended_import"]) for row in full.read_versions()]
        assert gone == [("WP-1", "import", done.import_id), (None, "import", done.import_id)]

    def test_a_row_without_code_stays_if_the_file_has_it(self, full, tmp_path):
        path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "TEN": ""}, {"MA_ONG": "", "TEN": "bare"}])
        assert count(full.load(path, replace=True, **OWNER)) == {"unchanged": 2, "deleted": 1}
        assert self.list_codes(full) == ["WP-1", "bare", "WP-9"]

    def test_skipped_rows_are_in_the_file_too(self, full, tmp_path):
        path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 400}])
        report = full.load(path, replace=True, on_duplicate="skip", **OWNER)
        assert count(report) == {"skipped": 1, "deleted": 2}
        assert full.read_rows()[0]["nominal_diameter_mm"] == 100

    def test_a_bad_row_deletes_nothing(self, full, tmp_path):
        path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 5}, {"MA_ONG": "WP-2", "DN": 150}])
        words = "1 of 2 rows of pipes.shp were rejected.*--accept-rejected: row 1: DN '5'"
        with pytest.raises(InvalidSource, match=words):
            full.load(path, replace=True, **OWNER)
        assert self.list_codes(full) == ["WP-1", "WP-2", "bare", "WP-9"]
        trial = full.load(path, replace=True, dry_run=True, **OWNER)
        assert any("nothing would be replaced: 1" in line for line in trial.notes)

    def test_rows_that_were_rejected_are_not_lacking_where_that_is_taken(self, full, tmp_path):
        path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 5}, {"MA_ONG": "WP-2", "DN": 150}])
        report = full.load(path, replace=True, accept_rejected=True, **OWNER)
        assert count(report) == {"rejected": 1, "unchanged": 1, "deleted": 1}
        assert self.list_codes(full) == ["WP-1", "WP-2", "WP-9"]

    def test_a_file_of_another_owner_deletes_nothing(self, full, tmp_path):
        path = write_pipes(tmp_path, [{"MA_ONG": "WP-1", "CHU_SH": "UDC"}])
        with pytest.raises(InvalidSource, match=r"no row of pipes.shp is of the owner 'SAWACO', so all.* deleted"):
            full.load(path, replace=True, **OWNER)
        assert self.list_codes(full) == ["WP-1", "WP-2", "bare", "WP-9"]

    def test_it_must_be_said_whose_rows(self, full, tmp_path):
        with pytest.raises(InvalidParameter, match="no owner is named; name it with --owner"):
            full.load(write_pipes(tmp_path, TWO), replace=True)


class HalfBlind(Actor):
    """Somebody who may import and from whom restricted rows are hidden."""

    def get_clearance(self, layer):
        return "shared"


def test_who_does_not_see_every_row_may_not_write_over_them(importer, tmp_path):
    importer.load(write_pipes(tmp_path, TWO[:1]), **OWNER)
    importer.run("UPDATE infra.water_pipe SET sensitivity = 'restricted'")
    before = importer.read_rows()
    actor = HalfBlind(person_id=1, username="lan", grants={"water_pipe": "importer"})
    for asked in ({}, {"dry_run": True}, {"on_duplicate": "reject"}):
        with pytest.raises(NotPermitted, match="some rows are hidden from them"):
            importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 400}]), actor, **OWNER, **asked)
    assert importer.read_rows() == before


CODES = st.sampled_from(["", "A", "B", "C"])
ROWS = st.lists(
    st.fixed_dictionaries({"MA_ONG": CODES, "DN": st.sampled_from([15, 20]), "TEN": st.sampled_from(["", "x"])}),
    min_size=1,
    max_size=5,
)


def merge(layer, rows, on_duplicate):
    """The oracle: a layer as a list of rows, changed row by row. Returns what became of the file's rows."""
    layer_before = [dict(row) for row in layer]
    counts = dict.fromkeys(("inserted", "updated", "unchanged", "skipped", "rejected"), 0)
    seen, unmatched = set(), list(layer_before)
    for row in rows:
        code = row["MA_ONG"]
        there = next((each for each in layer_before if code and each["MA_ONG"] == code), None)
        if code and (code in seen or (there and on_duplicate == "reject")):
            counts["rejected"] += 1
        elif there and on_duplicate == "skip":
            counts["skipped"] += 1
        elif there:
            counts["unchanged" if there == row else "updated"] += 1
            layer[layer_before.index(there)] = dict(row)
        elif not code and row in unmatched:
            counts["unchanged"] += 1
            unmatched.remove(row)
        else:
            counts["inserted"] += 1
            layer.append(dict(row))
        seen.add(code)
    return {name: value for name, value in counts.items() if value}


@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(ROWS, st.sampled_from(["update", "skip", "reject"])), min_size=1, max_size=3))
def test_files_one_after_the_other_do_what_a_list_would(importer, tmp_path_factory, files):
    importer.empty()
    layer = []
    for rows, on_duplicate in files:
        path = write_pipes(tmp_path_factory.mktemp("file"), rows)
        dry = importer.load(path, on_duplicate=on_duplicate, dry_run=True, **OWNER)
        done = importer.load(path, on_duplicate=on_duplicate, **OWNER)
        assert count(dry) == count(done) == merge(layer, rows, on_duplicate)
    found = [
        {"MA_ONG": row["asset_code"] or "", "DN": row["nominal_diameter_mm"], "TEN": row["name"] or ""}
        for row in importer.read_rows()
    ]
    assert sorted(map(to_row, found)) == sorted(map(to_row, layer))


def to_row(row):
    return sorted((name, str(value)) for name, value in row.items())


def test_the_actor_is_the_author_of_the_versions_that_end(importer, tmp_path):
    lan = Actor(person_id=7, username="lan", grants={"water_pipe": "importer"})
    importer.load(write_pipes(tmp_path, TWO), SYSTEM, **OWNER)
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 400}]), lan, **OWNER)
    assert [row["ended_by"] for row in importer.read_versions()] == ["lan"]
