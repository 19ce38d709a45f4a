"""An import taken back: rows are what they were, unless somebody changed them since."""

import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.errors import ConflictError, NotPermitted, UnknownImport
from gis_infra.transfer.undoing import to_json
from tests.builders import make_actor
from tests.imports import LINE, OTHER_LINE, count, write_pipes

OWNER = {"owner": "SAWACO"}
LAN = make_actor(("water_pipe", "importer"), username="lan")


def load(importer, folder, sizes, **more):
    """Import pipes by code and diameter."""
    rows = [{"MA_ONG": code, "DN": size} for code, size in sizes.items()]
    return importer.load(write_pipes(folder, rows), **{**OWNER, **more})


def read(importer):
    """The layer without the moment of each row's last change, which an undoing is one of."""
    return [{name: value for name, value in row.items() if name != "updated_at"} for row in importer.read_rows()]


def test_what_was_inserted_goes_what_was_updated_and_deleted_comes_back(importer, tmp_path):
    load(importer, tmp_path, {"a": 100, "b": 100, "c": 100})
    before = read(importer)
    report = load(importer, tmp_path, {"b": 200, "c": 100, "d": 300}, replace=True)
    assert count(report) == {"inserted": 1, "updated": 1, "unchanged": 1, "deleted": 1}
    undone = importer.undo(report.import_id)
    assert (undone.is_done, undone.removed, undone.restored, undone.brought_back) == (True, 1, 1, 1)
    assert (undone.in_the_way, undone.later) == (0, ())
    assert read(importer) == before


def test_shapes_heights_and_kept_columns_come_back_to_the_bit(importer, tmp_path):
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "a", "TO": 7}], [LINE]), **OWNER)
    before = read(importer)
    report = importer.load(write_pipes(tmp_path, [{"MA_ONG": "a", "TO": 8}], [OTHER_LINE]), **OWNER)
    importer.undo(report.import_id)
    assert read(importer) == before
    assert before[0]["shape"].equals_exact(LINE, 0) and before[0]["source_attributes"] == {"TO": 7}


def test_who_undid_it_is_entered_and_history_goes_on(importer, tmp_path):
    report = load(importer, tmp_path, {"a": 100})
    importer.undo(report.import_id, SYSTEM)
    (entry,) = importer.read_batches()
    assert entry["undone_by"] == "system" and entry["undone_at"] > entry["started_at"]
    assert entry["report"]["undo"]["removed"] == 1 and entry["report"]["inserted"] == 1
    (version,) = importer.read_versions()
    assert (version["ended_by"], version["ended_via"], version["ended_import"]) == ("system", "undo", report.import_id)


def test_an_import_is_undone_once(importer, tmp_path):
    report = load(importer, tmp_path, {"a": 100})
    importer.undo(report.import_id)
    load(importer, tmp_path, {"a": 100})
    with pytest.raises(ConflictError, match=rf"import {report.import_id} was undone already, on .* by system"):
        importer.undo(report.import_id)
    assert len(importer.read_rows()) == 1


def test_one_that_changed_nothing_can_be_undone_and_changes_nothing(importer, tmp_path):
    load(importer, tmp_path, {"a": 100})
    before = importer.read_rows()
    undone = importer.undo(load(importer, tmp_path, {"a": 100}).import_id)
    assert undone.is_done and (undone.removed, undone.restored) == (0, 0)
    assert importer.read_rows() == before


LATER = [
    ("UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code = 'new'", "new was changed on .* by sql of "),
    ("UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code = 'old'", "old was changed on .* by sql of "),
    ("DELETE FROM infra.water_pipe WHERE asset_code = 'old'", "old was deleted on .* by sql of "),
]


@pytest.mark.parametrize(("edit", "words"), LATER, ids=["inserted", "updated", "deleted"])
def test_a_later_edit_stands_in_the_way_and_is_named(importer, tmp_path, edit, words):
    load(importer, tmp_path, {"old": 100, "other": 100})
    report = load(importer, tmp_path, {"old": 200, "other": 200, "new": 300})
    importer.run(edit)
    before = importer.read_rows()
    undone = importer.undo(report.import_id)
    assert (undone.is_done, undone.removed, undone.restored, undone.in_the_way) == (False, 0, 0, 1)
    assert importer.read_rows() == before
    assert importer.read_batches()[-1]["undone_at"] is None
    (later,) = undone.later
    assert re.match(words, str(later))


def test_the_edit_of_another_import_is_named_with_its_number_and_person(importer, tmp_path):
    first = load(importer, tmp_path, {"a": 100})
    second = load(importer, tmp_path, {"a": 200}, actor=LAN)
    (later,) = importer.undo(first.import_id).later
    assert (later.what, later.username, later.via, later.import_id) == ("changed", "lan", "import", second.import_id)
    assert (later.asset_code, later.owner) == ("a", "SAWACO")
    assert str(later).endswith(f"UTC by import {second.import_id} of lan")
    assert to_json(importer.undo(first.import_id))["later"][0]["words"] == str(later)


def test_imports_are_undone_from_the_last_to_the_first(importer, tmp_path):
    reports = [load(importer, tmp_path, {"a": size, "b": 15}) for size in (100, 200, 300)]
    for report in reversed(reports):
        assert importer.undo(report.import_id).is_done
    assert importer.read_rows() == []


def test_with_keep_later_the_rest_is_undone(importer, tmp_path):
    load(importer, tmp_path, {"a": 100, "b": 100})
    report = load(importer, tmp_path, {"a": 200, "b": 200, "c": 300, "d": 400})
    importer.run("UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code IN ('a', 'c')")
    undone = importer.undo(report.import_id, keep_later=True)
    assert (undone.is_done, undone.removed, undone.restored, undone.in_the_way) == (True, 1, 1, 2)
    assert [later.asset_code for later in undone.later] == ["a", "c"]
    found = {row["asset_code"]: (row["nominal_diameter_mm"], row["remarks"]) for row in importer.read_rows()}
    assert found == {"a": (200, "x"), "b": (100, None), "c": (300, "x")}


def test_an_edit_that_was_taken_back_is_not_in_the_way(importer, tmp_path):
    load(importer, tmp_path, {"old": 100})
    report = load(importer, tmp_path, {"old": 200, "new": 300})
    for remark in ("'x'", "NULL"):
        importer.run(f"UPDATE infra.water_pipe SET remarks = {remark}")
    undone = importer.undo(report.import_id)
    assert (undone.is_done, undone.removed, undone.restored) == (True, 1, 1)
    assert [(row["asset_code"], row["nominal_diameter_mm"]) for row in importer.read_rows()] == [("old", 100)]


def test_rows_it_inserted_that_are_gone_are_no_hindrance(importer, tmp_path):
    report = load(importer, tmp_path, {"a": 100, "b": 100})
    importer.run("DELETE FROM infra.water_pipe WHERE asset_code = 'a'")
    undone = importer.undo(report.import_id)
    assert (undone.is_done, undone.removed, undone.in_the_way) == (True, 1, 0)


def test_a_row_that_took_a_deleted_ones_place_is_in_the_way(importer, tmp_path):
    load(importer, tmp_path, {"a": 100, "b": 100})
    report = load(importer, tmp_path, {"b": 100}, replace=True)
    again = load(importer, tmp_path, {"a": 300}, actor=LAN)
    undone = importer.undo(report.import_id)
    (later,) = undone.later
    assert (undone.is_done, later.what, later.import_id, later.username) == (False, "replaced", again.import_id, "lan")
    assert importer.undo(report.import_id, keep_later=True).brought_back == 0


def test_rows_of_others_are_not_touched_even_if_they_carry_its_number(importer, tmp_path):
    load(importer, tmp_path, {"mine": 100})
    report = load(importer, tmp_path, {"new": 200})
    importer.run(f"UPDATE infra.water_pipe SET import_id = {report.import_id} WHERE asset_code = 'mine'")
    importer.undo(report.import_id)
    assert [row["asset_code"] for row in importer.read_rows()] == ["mine"]


def test_a_row_edited_before_history_was_kept_is_in_the_way(importer, tmp_path):
    report = load(importer, tmp_path, {"a": 100})
    importer.run("UPDATE infra.water_pipe SET remarks = 'x'")
    importer.run("DELETE FROM history.water_pipe")  # as in a city that is older than its history
    undone = importer.undo(report.import_id)
    assert not undone.is_done and str(undone.later[0]) == "a was changed before history was kept"


@pytest.mark.parametrize(
    ("actor", "error", "words"),
    [
        (ANONYMOUS, UnknownImport, "there is no import"),
        (make_actor(("fire_hydrant", "admin")), UnknownImport, "there is no import"),
        (make_actor(("water_pipe", "editor"), username="lan"), NotPermitted, "lan may not import"),
    ],
)
def test_only_who_did_it_and_may_still_import_can_undo_it(importer, tmp_path, actor, error, words):
    done = load(importer, tmp_path, {"a": 100}, actor=LAN)
    if actor.person_id == LAN.person_id and actor.find_role(importer.catalogue.get_layer("water_pipe")) is None:
        importer.run("UPDATE gis.import_batch SET person_id = 99")
    with pytest.raises(error, match=words):
        importer.undo(done.import_id, actor)
    assert len(importer.read_rows()) == 1


def test_an_administrator_of_the_layer_can_undo_anybodys(importer, tmp_path):
    report = load(importer, tmp_path, {"a": 100}, actor=LAN)
    importer.run("UPDATE gis.import_batch SET person_id = 99")
    with pytest.raises(UnknownImport):
        importer.undo(report.import_id, LAN)
    assert importer.undo(report.import_id, make_actor(("water_pipe", "admin"), username="minh")).removed == 1


STEPS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abcd"), st.sampled_from([15, 20, 25]), min_size=1, max_size=4), st.booleans()
    ),
    min_size=1,
    max_size=4,
)


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_was_imported_undoing_it_all_leaves_every_layer_between(importer, tmp_path_factory, steps):
    importer.empty()
    snapshots, numbers = [], []
    for sizes, is_replacing in steps:
        snapshots.append(read(importer))
        numbers.append(load(importer, tmp_path_factory.mktemp("file"), sizes, replace=is_replacing).import_id)
    for before, number in zip(reversed(snapshots), reversed(numbers), strict=True):
        assert importer.undo(number).is_done
        assert read(importer) == before
