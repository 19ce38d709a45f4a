"""Who a conflict may be given to: people with an open account who may see it, told to who may give it to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from gis_infra.accounts.actor import Actor, Role
from gis_infra.accounts.people import list_actors
from gis_infra.analysis.register import permission
from gis_infra.analysis.register.entries import Conflict
from gis_infra.analysis.register.reading import read_conflict
from gis_infra.analysis.register.tables import CONFLICT
from gis_infra.analysis.register.visibility import select_visible_conflicts
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables

MOST_OFFERED = 500
Sight = tuple[tuple[str, Role], ...]


@dataclass(frozen=True)
class Assignee:
    """Somebody a conflict may be given to."""

    username: str
    full_name: str
    department: str | None


def list_assignees(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, actor: Actor, conflict_id: int
) -> tuple[Assignee, ...]:
    """Who may be given a conflict: first the department that has to settle it, then the actor's own, then others.

    At most `MOST_OFFERED`. Raises MissingError where the actor sees no such conflict, SignInNeeded, NotPermitted.
    """
    conflict = read_conflict(connection, catalogue, tables, actor, conflict_id)
    permission.require("assign", conflict, actor, catalogue)
    people = [(each, full_name) for each, full_name in list_actors(connection)]
    seers = find_seers(connection, catalogue, tables, conflict, (each for each, _ in people))
    first = [conflict.work.owner if conflict.work else None, actor.department]
    found = [Assignee(each.username, name, each.department) for each, name in people if get_sight(each) in seers]
    found.sort(key=lambda each: (rank(each.department, first), each.username))
    return tuple(found[:MOST_OFFERED])


def find_seers(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, conflict: Conflict, people: Iterable[Actor]
) -> frozenset[Sight]:
    """What people who see a conflict were granted; asked once for all who were granted the same."""
    sights = {get_sight(each): each for each in people}
    one = select(CONFLICT.c.id).where(CONFLICT.c.id == conflict.id)
    return frozenset(
        sight
        for sight, person in sights.items()
        if connection.execute(one.where(select_visible_conflicts(catalogue, tables, person))).one_or_none()
    )


def get_sight(person: Actor) -> Sight:
    """What decides what a person sees."""
    return tuple(sorted(person.grants.items()))


def rank(department: str | None, first: list[str | None]) -> int:
    """The place of a department among those to be offered first."""
    return first.index(department) if department is not None and department in first else len(first)
