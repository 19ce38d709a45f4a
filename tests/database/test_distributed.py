"""The analysis in partitions: every asset is in one of them, and together they find what a whole run finds."""

import datetime
import pickle
from collections import defaultdict
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from gis_infra import __version__
from gis_infra.analysis.conflicts import scratch
from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.distributed import checking, finding, gathering, halos, planning, reading
from gis_infra.analysis.distributed.scheduler import parse_address, require_secrecy
from gis_infra.analysis.distributed.source import parse_city
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.snapshots import looking
from gis_infra.errors import InvalidParameter, StorageError
from gis_infra.storage.transactions import writing
from tests import cities

DAY = datetime.date(2026, 11, 23)
SIDES = [f"{side}_{what}" for side in ("left", "right") for what in ("layer", "id", "code", "owner")]
TOLD = ["number", "severity", "side", "stretch", "accuracy_known", *SIDES]
MEASURED = ["required_m", "distance_m", "accuracy_m", "vertical_m", "length_m", "x", "y"]
NEVER_ASKED = {"works"}  # of what is drawn, not of a run
MOST = 45
EVERYWHERE = planning.Partition(0, -100_000, -100_000, 100_000, 100_000)


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


@pytest.fixture(scope="module")
def rules(ground, settings):
    """Those of the settings, and one that measures in space, which none of them does."""
    said = list_in_force(ground.book, settings.rule_packs, DAY)
    beside = next(rule for rule in said if rule.id == "qcvn01.horizontal.water_main.power_cable")
    return (*said, replace(beside, id="test.spatial", measure="spatial"))


@pytest.fixture(scope="module")
def city(engine, tables, _begin_empty):
    """A crowded city; gone afterwards."""
    with writing(engine) as connection:
        cities.fill(connection, tables, seed=6, streets=6)
    yield
    with writing(engine) as connection:
        for table in tables.metadata.sorted_tables:
            connection.execute(delete(table))


@pytest.fixture(scope="module")
def whole(engine, ground, rules, city):
    """What a run over the whole city finds."""
    with looking(engine) as connection:
        find(connection, ground, rules)
        return read_findings(connection)


@pytest.fixture(scope="module")
def parts(engine, ground, rules, city):
    """The work of a run in partitions, with its snapshot as long as the tests run: connection, work, frames."""
    with looking(engine) as connection:
        work = finding.plan_work(connection, ground, rules)
        partitions = planning.plan(connection, ground.tables, work.halos.layers, MOST)
        yield connection, work, [reading.read_partition(each, work) for each in partitions]


@pytest.fixture
def worker(settings, monkeypatch):
    """Let this process be a worker whose own PostGIS is the tests'."""
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)


def list_own(frame):
    """The assets of a partition, without its halo."""
    own = frame[frame["own"]]
    return list(zip(own["layer"], own["id"], strict=True))


def read_findings(connection):
    """What tells one finding from another -> its numbers; of lines that go on side by side the last digits differ."""
    found = {}
    x, y = func.st_x(scratch.FINDING.c.place).label("x"), func.st_y(scratch.FINDING.c.place).label("y")
    for row in connection.execute(select(scratch.FINDING, x, y)).mappings():
        found[tuple(row[name] for name in TOLD)] = [row[name] for name in MEASURED]
    return found


def test_partitions_together_find_what_a_whole_run_finds(whole, parts, worker):
    connection, work, frames = parts
    gathering.prepare(connection)
    for frame in frames:
        gathering.gather(connection, checking.check_partition(frame, work)["finding"])
    gathering.unfold(connection)
    together = read_findings(connection)
    assert len(frames) >= 3
    assert together.keys() == whole.keys()
    for which, numbers in whole.items():
        assert together[which] == pytest.approx(numbers, abs=1e-6), which


def test_every_kind_and_measure_is_found_and_those_of_two_assets_across_partitions(rules, whole, parts):
    place = {asset: number for number, frame in enumerate(parts[2]) for asset in list_own(frame)}
    across = defaultdict(bool)
    for number, *_, left_layer, left_id, _, _, right_layer, right_id, _, _ in whole:
        what = (rules[number].kind, rules[number].measure)
        across[what] |= right_layer is not None and place[left_layer, left_id] != place[right_layer, right_id]
    asked = {(rule.kind, rule.measure) for rule in rules if rule.kind not in NEVER_ASKED}
    assert across.keys() == asked
    assert {kind for (kind, _), is_across in across.items() if not is_across} == {"cover", "contradiction", "outside"}


def test_the_long_line_through_the_city_is_read_with_all_that_lies_along_it(parts):
    frames = parts[2]
    own = [frame[frame["own"] & frame["record"].str.contains('"outer_diameter_mm":800')] for frame in frames]
    assert sorted(len(each) for each in own) == [0] * (len(frames) - 1) + [1]
    at = next(number for number, each in enumerate(own) if len(each))
    assert frames[at].total_bounds[2] - frames[at].total_bounds[0] > 800


def test_every_asset_is_of_one_partition(ground, parts):
    connection, work, frames = parts
    assets = reading.find_own(connection, ground.tables, work.halos.layers, EVERYWHERE)
    own = [asset for frame in frames for asset in list_own(frame)]
    assert len(own) == len(set(own))
    assert set(own) == {(layer, asset) for layer, ids in assets.items() for asset in ids}


squares = st.dictionaries(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), st.integers(1, 9), min_size=1, max_size=60)


@given(squares, st.integers(1, 60))
def test_squares_are_split_into_boxes_that_never_overlap(counts, most):
    groups = planning.split(list(counts.items()), most)
    boxes = [planning.to_partition(number, [square for square, _ in group]) for number, group in enumerate(groups)]
    for square in counts:
        assert sum(contains(box, square) for box in boxes) == 1
    for group in groups:
        assert len(group) == 1 or sum(count for _, count in group) <= most


def contains(box, square):
    column, row = square
    return box.column_from <= column < box.column_to and box.row_from <= row < box.row_to


def test_a_city_without_assets_of_the_layers_has_no_partitions(engine, tables):
    with looking(engine) as connection:
        assert planning.plan(connection, tables, ["public_camera"], 10) == []


def test_a_halo_is_as_wide_as_the_widest_rule_between_two_layers(ground, rules):
    widths = halos.find_halos(ground.book, rules, {"water_pipe": 0.4, "sewer_pipe": 1.0}).near["water_pipe"]
    # Domestic water of DN 200 and foul sewers keep 3 m; then both radii, both accuracies and 1.05 m to spare.
    assert widths["sewer_pipe"] == pytest.approx(3.0 + 1.4 + 2 * ground.book.accuracy.largest_m + 1.05)


def test_the_nearest_end_is_found_among_all_that_are_as_near(ground, rules):
    loose = next(rule for rule in rules if rule.id == "data.loose_duct")
    found = halos.find_halos(ground.book, [replace(loose, required_m=7.0)], {})
    assert found.beyond["telecom_duct"]["telecom_duct"] > 7.0


def test_what_travels_to_a_worker_can_be_packed_and_hides_the_address(parts):
    work = parts[1]
    packed = pickle.loads(pickle.dumps(work))
    assert [getattr(packed, each.name) for each in fields(work)] == [getattr(work, each.name) for each in fields(work)]
    assert "postgresql" not in repr(work.snapshot)


def test_a_worker_of_another_version_refuses():
    with pytest.raises(StorageError, match=f"a worker has gis-infra {__version__}, and the run was planned by 0.0.1"):
        checking.require_version("0.0.1")


def test_a_snapshot_that_is_over_is_told(engine, ground, rules, city):
    with looking(engine) as connection:
        work = finding.plan_work(connection, ground, rules)
    with pytest.raises(StorageError, match="is over"):
        reading.read_partition(EVERYWHERE, work)


@pytest.mark.parametrize("text", ["", "Huế", "=postgresql://a@b/c", "Huế=", "Huế=mysql://a:secret@b/c", "Huế=secret"])
def test_a_city_that_is_none_is_refused_without_repeating_its_address(text):
    with pytest.raises(InvalidParameter) as refused:
        parse_city(text)
    assert "postgresql://user@host/name" in refused.value.message
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("address", ["", "nowhere", "http://a:1", "tcp://", "tcp://a", "a:b", "tcp://a:99999"])
def test_an_address_that_no_scheduler_can_have_is_refused(address):
    with pytest.raises(InvalidParameter, match=r"tcp://host:port or tls://host:port"):
        parse_address(address)


@pytest.mark.parametrize(
    ("address", "url", "is_refused"),
    [
        ("tcp://dask.example:8786", "postgresql://u:secret@h/n", True),
        ("dask.example:8786", "postgresql://h/n?user=u&password=secret", True),
        ("tcp://dask.example:8786", "postgresql://u@h/n", False),
        ("tls://dask.example:8786", "postgresql://u:secret@h/n", False),
        ("tcp://127.0.0.1:8786", "postgresql://u:secret@h/n", False),
        ("localhost:8786", "postgresql://u:secret@h/n", False),
    ],
)
def test_a_password_does_not_travel_in_the_clear(address, url, is_refused):
    city = parse_city(f"Huế={url}")
    if not is_refused:
        require_secrecy(address, [city])
        return
    with pytest.raises(InvalidParameter, match="holds a password") as refused:
        require_secrecy(address, [city])
    assert "secret" not in refused.value.message
