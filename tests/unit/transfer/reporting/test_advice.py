"""The next step for each kind of problem."""

import pytest

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.transfer.reporting.advice import Case, advise
from gis_infra.transfer.reporting.report import Problems
from gis_infra.transfer.reporting.tally import Example

DIAMETER = Field("nominal_diameter_mm", "integer", Title("a", "a"), unit="mm", minimum=15, maximum=4000)
STATUS = Field("status", "code", Title("a", "a"), codes={"in_service": Title("a", "a")})


def advise_on(reason, *, column="DK", values=(), field=DIAMETER, rows=10, total=10, is_mapped=True):
    examples = tuple(Example(row, value) for row, value in enumerate(values, 1))
    kind = Problems(column, reason, rows, is_error=True, examples=examples)
    advice = advise(Case(kind, field, total, is_mapped))
    return advice.en if advice is not None else None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (("0.15", "0,2"), "if the numbers are in m, say so: --unit DK=m"),
        (("5", "10"), "if the numbers are in cm, say so: --unit DK=cm"),
        (("-5",), "mend them, or keep the column out: --map DK="),
        (("0", "0.2"), "mend them, or keep the column out: --map DK="),
    ],
)
def test_numbers_that_are_all_out_of_bounds_may_be_in_another_unit(values, words):
    assert advise_on("is below the least allowed, 15 mm", values=values) == words


def test_fractions_where_whole_numbers_are_due_may_be_in_another_unit():
    assert advise_on("is not a whole number", values=("0.15", "0.2")).endswith("say so: --unit DK=m")
    assert advise_on("is not a whole number", values=("0.1504",)) == "mend them, or keep the column out: --map DK="


def test_one_odd_number_among_many_is_no_question_of_units():
    words = advise_on("is below the least allowed, 15 mm", values=("5",), rows=1, total=100)
    assert words == "mend them, or keep the column out: --map DK="


@pytest.mark.parametrize(
    ("reason", "more", "words"),
    [
        (
            "is none of the codes in_service, nor a title of one",
            {"column": "TINH TRANG", "values": ("đẹp",), "field": STATUS},
            "say which code each value means: --code 'TINH TRANG:đẹp=CODE'; "
            "or keep the column out of the field: --map 'TINH TRANG='",
        ),
        ("must have a value", {"column": "owner", "is_mapped": False}, "say whose they are: --owner NAME"),
        ("must have a value", {"column": "name", "is_mapped": False}, "say which column holds it: --map COLUMN=name"),
        ("must have a value", {"column": "name", "rows": 1}, None),
        ("text cannot be read as VNI", {}, "if it is in another encoding, say so: --encoding DK=NAME"),
        (
            "lies outside the city",
            {"column": "geometry", "field": None},
            "look at the coordinate system: --crs EPSG:…; or take them as they are: --accept-outside",
        ),
        (
            "lies outside the city",
            {"column": "geometry", "field": None, "rows": 1},
            "mend where they lie, or take them as they are: --accept-outside",
        ),
        ("came before in this file, for the same owner 'A'", {}, "give each asset a code of its own"),
        (
            "is already in the layer, for the same owner 'A'",
            {},
            "to bring the rows there up to date: --on-duplicate update; to pass over these: --on-duplicate skip",
        ),
        ("is not a date; written as 2020", {}, "mend them, or keep the column out: --map DK="),
        ("something nobody thought of", {}, None),
    ],
)
def test_each_kind_of_problem_has_its_next_step(reason, more, words):
    assert advise_on(reason, **more) == words
