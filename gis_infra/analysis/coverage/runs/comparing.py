"""Two runs of a service held against each other: what changed for the city and by unit, and why."""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import BigInteger, Connection, Double, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from gis_infra.analysis.coverage.places.columns import read_columns
from gis_infra.analysis.coverage.runs.differing import Parts, Seen, differ
from gis_infra.analysis.coverage.runs.reading import get_run, has_places, read_units
from gis_infra.analysis.coverage.runs.reasons import list_reasons
from gis_infra.analysis.coverage.runs.results import Comparison, Figures, UnitChange
from gis_infra.analysis.coverage.runs.tables import COVERAGE_PLACE
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.errors import InvalidParameter

NAMES = ("came", "went", "changed", "newly", "no_longer")
OUTSIDE = 0  # the number of what lies in no unit
ByPlace = Mapping[str | None, Figures]  # by code; None for what lies in no unit


def compare_runs(connection: Connection, before: int, after: int, reader: Reader) -> Comparison:
    """What became of the people served between two runs of a service.

    Raises MissingError for a run that is not the reader's to see, InvalidParameter for runs of two services.
    """
    first, second = get_run(connection, before, reader), get_run(connection, after, reader)
    if first.service != second.service:
        words = f"run {before} is of {first.service} and run {after} of {second.service}; compare runs of one service"
        raise InvalidParameter(words, where="after")
    old, new = (index_units(read_units(connection, each)) for each in (before, after))
    codes = sorted(code for code in {*old, *new} if code is not None)
    parts = None
    if all(has_places(connection, each.id) or each.city.places == 0 for each in (first, second)):
        seen = [read_seen(connection, each, codes) for each in (before, after)]
        parts = differ(seen[0], seen[1], len(codes) + 1)
    order = [*codes, *([None] if None in old or None in new else [])]
    numbers = {code: number for number, code in enumerate(codes, start=1)} | {None: OUTSIDE}
    return Comparison(
        before=first,
        after=second,
        city=change(first.city, second.city, None if parts is None else add_up(parts)),
        units=tuple(
            change(old.get(code), new.get(code), None if parts is None else take(parts, numbers[code]))
            for code in order
        ),
        reasons=list_reasons(connection, first, second),
    )


def index_units(figures: Sequence[Figures]) -> ByPlace:
    """The figures of units by code, and of what lies in none; of units of one code the first."""
    found: dict[str | None, Figures] = {}
    for each in figures:
        if each.scope != "city":
            found.setdefault("" if each.scope == "unit" and each.code is None else each.code, each)
    return found


def read_seen(connection: Connection, run_id: int, codes: Sequence[str]) -> Seen:
    """The places of a run. codes: of the units of both runs, numbered from 1."""
    place = COVERAGE_PLACE.c
    unit = func.coalesce(func.array_position(literal(list(codes), ARRAY(Text)), place.unit_code), OUTSIDE)
    wanted = select(
        cast(place.place_id, BigInteger).label("id"),
        cast(unit, BigInteger).label("unit"),
        cast(place.people, Double).label("people"),
        cast(place.served, Double).label("served"),
    ).where(place.run_id == run_id)
    rows = read_columns(connection, wanted)
    return Seen(*(np.ascontiguousarray(rows[name]) for name in ("id", "unit", "people", "served")))


def take(parts: Parts, number: int) -> Mapping[str, float]:
    """The parts of one unit."""
    return {name: float(getattr(parts, name)[number]) for name in NAMES}


def add_up(parts: Parts) -> Mapping[str, float]:
    """The parts of the city."""
    return {name: float(getattr(parts, name).sum()) for name in NAMES}


def change(old: Figures | None, new: Figures | None, parts: Mapping[str, float] | None) -> UnitChange:
    """What became of one unit, or the city; at least one of the two is there."""
    shown = new if new is not None else old
    return UnitChange(
        code=None if shown is None else shown.code,
        name=None if shown is None else shown.name,
        state="new" if old is None else "gone" if new is None else "same",
        people_before=0.0 if old is None else old.people,
        people_after=0.0 if new is None else new.people,
        served_before=0.0 if old is None else old.people_served,
        served_after=0.0 if new is None else new.people_served,
        geometry=None if shown is None else shown.geometry,
        **(parts or {}),
    )
