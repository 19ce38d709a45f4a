"""Findings and entries of the register made in code, for tests that need no engine."""

import datetime
from typing import Any

from sqlalchemy import Connection, func, insert

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.focus import FOCUS, Focus
from gis_infra.analysis.conflicts.scratch import FINDING, SAID
from gis_infra.analysis.register import entering
from gis_infra.analysis.register.entering import Entered, Entry
from gis_infra.analysis.register.naming import NAMED
from gis_infra.analysis.register.tables import CONFLICT_RUN
from gis_infra.analysis.scratch import make_scratch
from gis_infra.catalogue.tables import LayerTables

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
SRID = 9210
EAST, NORTH = 603000, 1191500
RULES = ("city.water_power", "city.water_sewer", "nation.cover")
PAIR = {"left": ("water_pipe", 1), "right": ("power_cable_underground", 2)}


def make_finding(
    left: tuple[str, int], right: tuple[str, int] | None, rule: str = RULES[0], stretch: int = 1, **values: Any
) -> dict[str, Any]:
    """A row of `finding`: a violation 0.2 m of 0.5 m, unless told otherwise; east_m: where, from the corner."""
    east_m = values.pop("east_m", 0)
    return {
        "number": RULES.index(rule),
        "severity": "violation",
        "side": "left" if right else None,
        "stretch": stretch,
        "required_m": 0.5,
        "distance_m": 0.2,
        "accuracy_m": 0.1,
        "accuracy_known": True,
        "length_m": 12.0,
        "place": func.st_setsrid(func.st_makepoint(EAST + east_m, NORTH), SRID),
        "left_layer": left[0],
        "left_id": left[1],
        "right_layer": right[0] if right else None,
        "right_id": right[1] if right else None,
        **values,
    }


def list_said() -> list[dict[str, Any]]:
    """What the rules say, as rows of `said`."""
    return [
        {
            "number": number,
            "pack": rule.partition(".")[0],
            "rule": rule,
            "kind": "cover" if rule.endswith("cover") else "clearance",
            "rule_title_vi": f"Quy tắc {number}",
            "rule_title_en": f"Rule {number}",
            "clause": "1",
            "source": "a source",
            "legal_basis": "a law",
            "verified": number == 0,
        }
        for number, rule in enumerate(RULES)
    ]


def enter(
    connection: Connection,
    tables: LayerTables,
    findings: list[dict[str, Any]],
    *,
    packs: tuple[str, ...] = ("city", "nation"),
    now: datetime.datetime = NOW,
    focus: list[tuple[str, int]] | None = None,
    unchecked: tuple[str, ...] = (),
) -> Entered:
    """What becomes of the register when a run finds this; focus: the assets it was narrowed to."""
    make_scratch(connection, FINDING, SAID)
    for each in findings:
        connection.execute(insert(FINDING).values(each))
    connection.execute(insert(SAID), list_said())
    narrowed = None
    if focus is not None:
        make_scratch(connection, FOCUS)
        if focus:
            connection.execute(insert(FOCUS), [{"layer": layer, "id": id_} for layer, id_ in focus])
        narrowed = Focus(frozenset(layer for layer, _ in focus))
    entry = Entry(add_run(connection, packs, now), SYSTEM.username, now, packs, unchecked, narrowed)
    counts = entering.enter(connection, tables, entry)
    for table in (FINDING, SAID, NAMED, *([FOCUS] if focus is not None else [])):
        table.drop(connection)
    return counts


def add_run(connection: Connection, packs: tuple[str, ...], now: datetime.datetime) -> int:
    """The id of a new run."""
    values = {
        "started_at": now,
        "finished_at": now,
        "actor": SYSTEM.username,
        "packs": list(packs),
        "rules_version": "1",
        "rules": list(RULES),
        "rules_not_checked": [],
        "checked": {},
        "found": 0,
        "found_new": 0,
        "reopened": 0,
        "resolved": 0,
    }
    run_id: int = connection.execute(insert(CONFLICT_RUN).values(values).returning(CONFLICT_RUN.c.id)).scalar_one()
    return run_id
