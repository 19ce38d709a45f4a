"""What planned works would meet: every asset within reach that the asker may see, how sure we are, and whom to ask.

An answer is never "clear" for want of a depth: what cannot be compared is told as not known, and counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.contacts.store import find_for_place
from gis_infra.analysis.register.entries import Asset
from gis_infra.analysis.rules.model import Rule
from gis_infra.analysis.works.answers import SEVERITIES, Found, Met, Reached
from gis_infra.analysis.works.cases import Group, list_groups
from gis_infra.analysis.works.owners import Asked, Viewer, add_notice, list_asked
from gis_infra.analysis.works.reach import is_near, select_owners, select_reached
from gis_infra.analysis.works.works import Works


@dataclass(frozen=True)
class WorksCheck:
    """The answer to planned works: what they reach, and who is to be asked and told."""

    works: Works
    reached: Reached
    asked: tuple[Asked, ...]


def check_works(
    connection: Connection, ground: Ground, rules: Sequence[Rule], works: Works, actor: Actor
) -> WorksCheck:
    """What the works would meet and whom to ask, by the rules in force, among what the actor may see.

    rules: in order of precedence, as `rules.list_in_force` gives them.
    """
    reached = find_reached(connection, ground, rules, works, actor)
    place = works.shape.buffer(works.buffer_m) if works.buffer_m else works.shape
    contacts = find_for_place(connection, actor, place, ground.tables.srid)
    asked = list_asked(Viewer(actor, ground.catalogue, reached.layers), reached.owners, contacts)
    return WorksCheck(works, reached, tuple(add_notice(asked, reached.met, works.starts_on)))


def find_reached(connection: Connection, ground: Ground, rules: Sequence[Rule], works: Works, actor: Actor) -> Reached:
    """What the works would meet, the surest and nearest first."""
    groups = list_groups(ground, rules, works, actor)
    found = [
        find(connection, ground, each, works, actor) for each in list_near(connection, ground, groups, works, actor)
    ]
    met = sorted((each for one in found for each in one.met), key=rank)
    return Reached(
        met=tuple(met),
        owners=count_owners(found),
        layers=tuple(dict.fromkeys(group.layer.id for group in groups)),
        rules=tuple(dict.fromkeys(rule.id for group in groups for rule, _ in group.cases)),
        unknown_depth=sum(each.unknown_depth for each in found),
        matched=sum(each.matched for each in found),
        as_of=connection.execute(select(func.now())).scalar_one(),
    )


def rank(met: Met) -> tuple[int, float, str, int]:
    """What is told first: the surest, then the nearest."""
    return SEVERITIES.index(met.severity), met.distance_m, met.asset.layer, met.asset.id


def list_near(
    connection: Connection, ground: Ground, groups: Sequence[Group], works: Works, actor: Actor
) -> list[Group]:
    """The groups whose layer shows the actor anything near; most do not, and one short statement tells of all."""
    if not groups:
        return []
    asked = [is_near(ground, each, works, actor).label(f"group_{at}") for at, each in enumerate(groups)]
    row = connection.execute(select(*asked)).one()
    return [group for group, near in zip(groups, row, strict=True) if near]


def find(connection: Connection, ground: Ground, group: Group, works: Works, actor: Actor) -> Found:
    """What the rules of one kind find in one layer."""
    rows = connection.execute(select_reached(ground, group, works, actor)).all()
    matched = rows[0].matched if rows else 0
    if matched > len(rows):
        counted = connection.execute(select_owners(ground, group, works, actor)).all()
        owners = {row.owner: row.number for row in counted}
    else:
        owners = count(row.owner for row in rows)
    return Found(
        layer=group.layer.id,
        met=tuple(to_met(group, row) for row in rows),
        matched=matched,
        unknown_depth=rows[0].unknown_depth if rows else 0,
        owners=owners if group.kind == "works" else {},
    )


def to_met(group: Group, row: Row[Any]) -> Met:
    """One asset within reach."""
    return Met(
        rule=group.cases[row.place][0],
        severity=row.severity,
        asset=Asset(group.layer.id, row.id, row.asset_code, row.owner),
        distance_m=row.distance_m,
        required_m=row.required_m,
        accuracy_m=row.accuracy_m,
        accuracy_known=row.accuracy_known,
        vertical_m=row.vertical_m,
        vertical_accuracy_m=row.vertical_accuracy_m,
        geometry=orjson.loads(row.part),
        depth_unknown=row.depth_unknown,
    )


def count(owners: Iterable[str | None]) -> dict[str | None, int]:
    """Owner -> how often it is there."""
    counts: dict[str | None, int] = {}
    for each in owners:
        counts[each] = counts.get(each, 0) + 1
    return counts


def count_owners(found: Sequence[Found]) -> Mapping[str | None, Mapping[str, int]]:
    """Owner -> layer id -> number of assets met; owners by name, those not recorded last."""
    counts: dict[str | None, dict[str, int]] = {}
    for one in found:
        for owner, number in one.owners.items():
            layers = counts.setdefault(owner, {})
            layers[one.layer] = layers.get(one.layer, 0) + number
    ordered = sorted(counts, key=lambda owner: (owner is None, owner or ""))
    return {owner: dict(sorted(counts[owner].items())) for owner in ordered}
