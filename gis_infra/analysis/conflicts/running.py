"""One run over the whole city: every rule in force, the register after it, and what could not be looked at.

All of it is one transaction that sees one moment of the database: a run that is killed leaves the register as it was.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, func, insert, update

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.inspection import LayerCheck, inspect_layers
from gis_infra.analysis.register import entering
from gis_infra.analysis.register.entering import Entry
from gis_infra.analysis.register.tables import CONFLICT_RUN
from gis_infra.analysis.rules.model import (
    Rule,
    RuleBook,
    hash_version,
    is_evaluated,
    list_in_force,
)
from gis_infra.analysis.snapshots import analysing, take_turn
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import NotPermitted


@dataclass(frozen=True)
class RunOrder:
    """Who wants which packs checked, as of which moment."""

    actor: Actor
    packs: tuple[str, ...]
    now: datetime.datetime


@dataclass(frozen=True)
class RunReport:
    """What a run did. `not_checked`: rules in force that this version cannot check, or that speak of no layer here."""

    id: int
    rules_version: str
    rules: tuple[str, ...]
    not_checked: tuple[str, ...]
    layers: Mapping[str, LayerCheck]
    found: int = 0
    found_new: int = 0
    reopened: int = 0
    resolved: int = 0
    duration_s: float = 0.0


def run_conflicts(engine: Engine, ground: Ground, order: RunOrder) -> RunReport:
    """Check the city by the rules in force and bring the register up to date.

    Conflicts of the packs checked that are no longer found become resolved; those of other packs stay as they are.
    Raises NotPermitted unless the actor administers the city (a register seen by half would resolve the other half),
    InvalidParameter for an unknown pack, BusyError while another run is at work.
    """
    if not order.actor.is_admin():
        raise NotPermitted("only an administrator may run the conflict analysis")
    rules = list_in_force(ground.book, order.packs, order.now.date())
    with analysing(engine) as connection:
        take_turn(connection, "conflicts")
        return run_in(connection, ground, order, rules)


def run_in(connection: Connection, ground: Ground, order: RunOrder, rules: Sequence[Rule]) -> RunReport:
    """The run inside its transaction."""
    report = RunReport(
        id=0,
        rules_version=hash_version(ground.book, rules),
        rules=tuple(rule.id for rule in rules if is_evaluated(ground.book, rule) and rule.kind != "works"),
        not_checked=tuple(rule.id for rule in rules if not is_evaluated(ground.book, rule)),
        layers=inspect_layers(connection, ground, rules),
    )
    report = replace(report, id=start_run(connection, order, report))
    find(connection, ground, rules)
    report = enter(connection, ground.tables, order, report)
    return finish_run(connection, report)


def start_run(connection: Connection, order: RunOrder, report: RunReport) -> int:
    """Enter the run, whose counts are not known yet; returns its id."""
    values = {
        "started_at": order.now,
        "finished_at": order.now,
        "actor": order.actor.username,
        "packs": list(order.packs),
        "rules_version": report.rules_version,
        "rules": list(report.rules),
        "rules_not_checked": list(report.not_checked),
        "checked": {layer_id: vars(check) for layer_id, check in report.layers.items()},
        "found": 0,
        "found_new": 0,
        "reopened": 0,
        "resolved": 0,
    }
    started: int = connection.execute(insert(CONFLICT_RUN).values(values).returning(CONFLICT_RUN.c.id)).scalar_one()
    return started


def enter(connection: Connection, tables: LayerTables, order: RunOrder, report: RunReport) -> RunReport:
    """Bring the register up to date; the report with its counts."""
    entry = Entry(report.id, order.actor.username, order.now, order.packs, report.not_checked)
    counts = entering.enter(connection, tables, entry)
    return replace(
        report,
        found=counts.found,
        found_new=counts.found_new,
        reopened=counts.reopened,
        resolved=counts.resolved,
    )


def finish_run(connection: Connection, report: RunReport) -> RunReport:
    """Enter the counts and the end of the run; the report with its duration."""
    finished = (
        update(CONFLICT_RUN)
        .where(CONFLICT_RUN.c.id == report.id)
        .values(
            finished_at=func.clock_timestamp(),
            found=report.found,
            found_new=report.found_new,
            reopened=report.reopened,
            resolved=report.resolved,
        )
        .returning(CONFLICT_RUN.c.finished_at - func.now())
    )
    took: datetime.timedelta = connection.execute(finished).scalar_one()
    return replace(report, duration_s=took.total_seconds())


def list_packs(book: RuleBook, asked: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """The packs asked for, or those of the settings when none is. Raises InvalidParameter for an unknown one."""
    packs = tuple(asked) if asked else tuple(default)
    return tuple(book.get_pack(each).id for each in packs)
