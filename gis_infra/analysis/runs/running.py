"""One run: which rules, over what part of the city, what was found, and the register after it.

What is there is looked at as of one moment of the database, in a transaction that stores nothing; the register is
brought up to date by a short one after it, with the run and all it found, or nothing: a run that is killed or cancelled
leaves everything as it was.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, func, insert, select, update

from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.conflicts.focus import FOCUS, Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.outside import find_lack
from gis_infra.analysis.conflicts.scratch import FINDING, SAID
from gis_infra.analysis.register import entering
from gis_infra.analysis.register.tables import CONFLICT_RUN
from gis_infra.analysis.rules.model import Rule, RuleBook, find_obstacle, hash_version, list_in_force
from gis_infra.analysis.runs import carrying, changes, focusing
from gis_infra.analysis.runs.changes import Changes
from gis_infra.analysis.runs.inspection import inspect_layers
from gis_infra.analysis.runs.orders import RunOrder, RunReport, Scope
from gis_infra.analysis.runs.turns import ONE_MOMENT, storing, taking_turn
from gis_infra.errors import InvalidParameter, NotPermitted

# What leaves `finding` and `said` in the transaction; another one than `find` may have others do the work.
Finder = Callable[[Connection, Ground, Sequence[Rule], Focus | None], None]


@dataclass(frozen=True)
class Looked:
    """What a run found before it is entered: its report so far, what it was narrowed to, what it is done with."""

    report: RunReport
    focus: Focus | None
    seen: Changes


def run_conflicts(engine: Engine, ground: Ground, order: RunOrder, finder: Finder = find) -> RunReport:
    """Check the city, or the part that is ordered, by the rules in force and bring the register up to date.

    Conflicts of the packs checked that are no longer found become resolved; those of other packs, and those outside of
    the part, stay as they are.
    Raises NotPermitted unless the actor administers the city (a register seen by half would resolve the other half),
    InvalidParameter for an unknown pack, BusyError while another run is at work.
    """
    if not order.actor.is_admin():
        raise NotPermitted("only an administrator may run the conflict analysis")
    rules = list_in_force(ground.book, order.packs, order.now.date())
    with taking_turn(engine, order.wait_s) as connection:
        with connection.begin():
            connection.execute(ONE_MOMENT)
            looked = look(connection, ground, order, rules, finder)
            carried = [FINDING, SAID, *([FOCUS] if looked.focus else [])]
            carrying.keep(connection, carried)
        with storing(connection):
            carrying.bring_back(connection, carried)
            return note(connection, ground, order, looked)


def run_in(
    connection: Connection, ground: Ground, order: RunOrder, rules: Sequence[Rule], finder: Finder = find
) -> RunReport:
    """A run in a transaction of the caller's, which has to see to it that no other one is at work."""
    return note(connection, ground, order, look(connection, ground, order, rules, finder))


def look(connection: Connection, ground: Ground, order: RunOrder, rules: Sequence[Rule], finder: Finder) -> Looked:
    """Leave what breaks the rules in the temporary tables `finding` and `said`."""
    seen = changes.read_changes(connection)
    version = hash_version(ground.book, rules)
    focus = narrow(connection, ground, order, rules, seen)
    scope: Scope = order.scope if focus is not None else "city"
    if finder is find:
        find(connection, ground, rules, focus, order.tell)
    else:
        finder(connection, ground, rules, focus)
    obstacles = list_obstacles(connection, ground, rules)
    report = RunReport(
        id=0,
        scope=scope,
        focus=count(connection) if focus is not None else None,
        rules_version=version,
        rules=tuple(rule.id for rule in rules if rule.id not in obstacles and rule.kind != "works"),
        not_checked=obstacles,
        layers=inspect_layers(connection, ground, rules, focus),
        answers=read_answers(connection),
    )
    return Looked(report, focus, seen if order.keeps_up and scope != "box" else Changes())


def narrow(
    connection: Connection, ground: Ground, order: RunOrder, rules: Sequence[Rule], seen: Changes
) -> Focus | None:
    """What the run is narrowed to, left in `focus`; None for the whole city. Raises InvalidParameter without a box."""
    if order.scope == "box":
        if order.box is None:
            raise InvalidParameter("a run over a box needs the box", where="box")
        return focusing.focus_on_box(connection, ground, rules, order.box)
    if order.scope == "changes":
        is_kept = changes.find_base(connection, order.packs) == hash_version(ground.book, rules)
        if is_kept and not seen.emptied & focusing.list_layers(ground, rules):
            return focusing.focus_on_changes(connection, ground, rules, seen.ids)
    return None


def count(connection: Connection) -> int:
    """How many assets the focus has."""
    return int(connection.execute(select(func.count()).select_from(FOCUS)).scalar_one())


def list_obstacles(connection: Connection, ground: Ground, rules: Sequence[Rule]) -> Mapping[str, Mapping[str, str]]:
    """Rule id -> why it cannot be checked, by language; only those that cannot."""
    found = {rule.id: find_obstacle(ground.book, rule) or find_lack(connection, ground, rule) for rule in rules}
    return {name: {"vi": why.vi, "en": why.en} for name, why in found.items() if why is not None}


def read_answers(connection: Connection) -> Mapping[str, int]:
    """Severity -> how many findings are of it."""
    counted = select(FINDING.c.severity, func.count().label("number")).group_by(FINDING.c.severity)
    return {row.severity: row.number for row in connection.execute(counted.order_by(FINDING.c.severity))}


def note(connection: Connection, ground: Ground, order: RunOrder, looked: Looked) -> RunReport:
    """Bring the register up to date with `finding` and `said`, and be done with what changed; the whole report."""
    report = looked.report
    if report.focus != 0:
        report = replace(report, id=start_run(connection, order, report))
        actor = order.actor.username
        unchecked = tuple(report.not_checked)
        entry = entering.Entry(report.id, actor, order.now, order.packs, unchecked, looked.focus)
        report = replace(report, **vars(entering.enter(connection, ground.tables, entry)))
        report = finish_run(connection, report)
    changes.forget_changes(connection, looked.seen)
    return report


def start_run(connection: Connection, order: RunOrder, report: RunReport) -> int:
    """Enter the run, whose counts are not known yet; returns its id."""
    values = {
        "started_at": order.now,
        "finished_at": order.now,
        "actor": order.actor.username,
        "packs": list(order.packs),
        "scope": report.scope,
        "focus": report.focus,
        "rules_version": report.rules_version,
        "rules": list(report.rules),
        "rules_not_checked": list(report.not_checked),
        "reasons": report.not_checked,
        "checked": {layer_id: vars(check) for layer_id, check in report.layers.items()},
        "answers": report.answers,
        **dict.fromkeys(("found", "found_new", "reopened", "resolved"), 0),
    }
    started: int = connection.execute(insert(CONFLICT_RUN).values(values).returning(CONFLICT_RUN.c.id)).scalar_one()
    return started


def finish_run(connection: Connection, report: RunReport) -> RunReport:
    """Enter the counts and the end of the run; the report with its duration."""
    counts = {name: getattr(report, name) for name in ("found", "found_new", "reopened", "resolved")}
    finished = (
        update(CONFLICT_RUN)
        .where(CONFLICT_RUN.c.id == report.id)
        .values(finished_at=func.clock_timestamp(), **counts)
        .returning(CONFLICT_RUN.c.finished_at - CONFLICT_RUN.c.started_at)
    )
    took: datetime.timedelta = connection.execute(finished).scalar_one()
    return replace(report, duration_s=took.total_seconds())


def list_packs(book: RuleBook, asked: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """The packs asked for, or those of the settings when none is. Raises InvalidParameter for an unknown one."""
    packs = tuple(asked) if asked else tuple(default)
    return tuple(book.get_pack(each).id for each in packs)
