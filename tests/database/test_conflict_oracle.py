"""The engine and a slow, separate oracle agree on streets of pipes that hypothesis makes."""

import pytest
from hypothesis import Phase, given, settings

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.reading import read_rules
from tests.database.oracle import scenes
from tests.database.oracle.book import Book
from tests.database.oracle.comparing import Bench, make_layers


# A scene of a few lines can be drawn and read as it is; making it smaller takes minutes.
# Twenty scenes an example: 560 scenes in all.
def once(examples):
    return settings(max_examples=examples, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


@pytest.fixture(scope="module")
def bench(settings, catalogue, tables, tmp_path_factory):
    layers = make_layers(settings.layers, tmp_path_factory.mktemp("oracle") / "layers")
    ground = Ground(read_rules(layers, catalogue), catalogue, tables)
    return lambda *packs: Bench(ground, Book(layers), packs)


def compare(engine, bench, streets):
    with engine.connect() as connection:
        transaction = connection.begin()
        differences = bench.compare(connection, streets)
        transaction.rollback()
    assert not differences, "\n" + "\n".join(differences)


@once(10)
@given(streets=scenes.STREETS)
def test_clearances_in_the_plan_and_at_crossings_are_those_of_the_oracle(engine, bench, streets):
    compare(engine, bench("street", "city"), streets)


@once(6)
@given(streets=scenes.SPACES)
def test_distances_in_space_are_those_of_the_oracle(engine, bench, streets):
    compare(engine, bench("space"), streets)


@once(4)
@given(places=scenes.PLACES)
def test_what_stands_where_it_should_not_is_what_the_oracle_finds(engine, bench, places):
    compare(engine, bench("kinds"), places)


@once(4)
@given(sites=scenes.SITES)
def test_works_that_meet_are_those_of_the_oracle(engine, bench, sites):
    compare(engine, bench("kinds"), sites)


@once(4)
@given(records=scenes.RECORDS)
def test_contradictions_in_the_data_are_those_of_the_oracle(engine, bench, records):
    compare(engine, bench("kinds"), records)
