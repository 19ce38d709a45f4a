"""What a database lacks is said in plain words."""

from dataclasses import replace

import pytest

from gis_infra.storage.fitness import Fitness, find_problem, parse_version

GOOD = Fitness(
    server_version=150018,
    encoding="UTF8",
    is_replica=False,
    is_superuser=False,
    may_create=True,
    postgis_here="3.3.2",
    postgis_offered="3.3.2",
    is_trusted=False,
    may_pin=True,
    has_trigrams=True,
)


def test_postgresql_15_with_postgis_3_3_will_do():
    assert find_problem(GOOD) is None


def test_a_superuser_may_add_postgis():
    assert find_problem(replace(GOOD, postgis_here=None, is_superuser=True)) is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(GOOD, server_version=140012), "it is PostgreSQL 14, and 15 or later is needed"),
        (replace(GOOD, encoding="SQL_ASCII"), "its encoding is SQL_ASCII, and UTF8 is needed"),
        (replace(GOOD, is_replica=True), "it is a replica that cannot be written to"),
        (replace(GOOD, may_create=False), "the account may not create schemas in it"),
        (replace(GOOD, postgis_here=None, postgis_offered=None), "PostGIS 3.3 or later is not installed on its server"),
        (replace(GOOD, postgis_here="2.5.9", postgis_offered="3.4.0"), "it has PostGIS 2.5.9, and 3.3 or later"),
        (replace(GOOD, has_trigrams=False), "the extension pg_trgm is not on its server"),
        (replace(GOOD, may_pin=False), "GRANT SELECT, INSERT, UPDATE ON spatial_ref_sys"),
        (replace(GOOD, postgis_here=None), "a superuser can: CREATE EXTENSION postgis"),
    ],
)
def test_a_database_that_will_not_do_is_told_why(found: Fitness, words: str):
    assert words in str(find_problem(found))


@pytest.mark.parametrize(
    ("version", "numbers"), [("3.3.2", (3, 3)), ("3.10.0", (3, 10)), ("3.5.0beta1", (3, 5)), ("4.0dev", (4, 0))]
)
def test_versions_are_compared_as_numbers(version: str, numbers: tuple[int, ...]):
    assert parse_version(version) == numbers
