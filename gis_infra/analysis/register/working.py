"""What people do with a conflict: review, approve, resolve or reopen it, hand it on, comment on it.

Every step is one transaction that holds the conflict, changes it and tells its history. Of two who write at once the
second sees what the first did: a step that names the version it was decided by is refused when that is no longer the
one.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from gis_infra.accounts.actor import Actor
from gis_infra.accounts.people import get_actor, get_department_id
from gis_infra.analysis.register import permission
from gis_infra.analysis.register.entries import Conflict
from gis_infra.analysis.register.permission import STEPS
from gis_infra.analysis.register.reading import read_conflict
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import ConflictError, InvalidParameter, MissingError, StaleVersion

LONGEST_TEXT = 4000
MOST_COMMENTS = 1000  # of one conflict; who has more to say has a document for it
# By step: the status it leads to, and those it may be taken from.
PATHS: Mapping[str, tuple[str, frozenset[str]]] = {
    "review": ("reviewed", frozenset({"new", "active"})),
    "approve": ("approved", frozenset({"new", "active", "reviewed"})),
    "resolve": ("resolved", frozenset({"new", "active", "reviewed", "approved"})),
    "reopen": ("active", frozenset({"reviewed", "approved", "resolved"})),
}
# By step: what its event is called.
ACTIONS: Mapping[str, str] = {
    "comment": "commented",
    "due": "due",
    "review": "reviewed",
    "resolve": "resolved",
    "reopen": "reopened",
    "own": "owned",
    "assign": "assigned",
    "approve": "approved",
}


@dataclass(frozen=True)
class City:
    """The layers, and their tables."""

    catalogue: Catalogue
    tables: LayerTables


@dataclass(frozen=True)
class Step:
    """One thing a person does.

    action: one of STEPS. text: the comment or the reason, "" for none. value: for `own` the code of a department, for
    `assign` a user name, for `due` a day as YYYY-MM-DD; None takes it away. version: as they last saw it; None for
    whatever it is now.
    """

    conflict_id: int
    action: str
    text: str = ""
    value: str | None = None
    version: int | None = None


def take(connection: Connection, city: City, actor: Actor, step: Step, now: datetime.datetime) -> Conflict:
    """Take a step, and return the conflict as it is then. Nothing is changed or told where nothing would be new.

    connection: of a transaction of READ COMMITTED that writes.
    Raises MissingError where the actor sees no such conflict, SignInNeeded, NotPermitted, InvalidParameter,
    StaleVersion if it has another version, ConflictError if its status does not allow the step.
    """
    if step.action not in STEPS:
        raise InvalidParameter(f"action must be one of {', '.join(STEPS)}, got {step.action[:40]!r}", where="action")
    text = parse_text(step.text)
    require(connection, city, actor, step)
    # Held before it is read again, so that what is read is what the step changes.
    connection.execute(select(CONFLICT.c.id).where(CONFLICT.c.id == step.conflict_id).with_for_update())
    before = require(connection, city, actor, step)
    if step.version is not None and step.version != before.version:
        raise StaleVersion(
            f"conflict {before.id} is at version {before.version} by now, not {step.version}", where="version"
        )
    values = find_values(connection, city, before, step, text)
    changes = compare(before, values)
    if not changes and step.action != "comment":
        return before
    write(connection, before, values | find_status_values(values, actor, now), step)
    tell(connection, before, step, {"happened_at": now, "actor": actor.username, "text": text, "changes": changes})
    return read_conflict(connection, city.catalogue, city.tables, actor, step.conflict_id)


def require(connection: Connection, city: City, actor: Actor, step: Step) -> Conflict:
    """The conflict of a step that its actor may take. Raises MissingError, SignInNeeded, NotPermitted."""
    conflict = read_conflict(connection, city.catalogue, city.tables, actor, step.conflict_id)
    permission.require(step.action, conflict, actor, city.catalogue)
    return conflict


def parse_text(text: str) -> str | None:
    """The words of a step, None for none. Raises InvalidParameter if they are too long or no text."""
    words = text.strip()
    if len(words) > LONGEST_TEXT:
        raise InvalidParameter(f"a text has at most {LONGEST_TEXT:,} characters, got {len(words):,}", where="text")
    if "\x00" in words:
        raise InvalidParameter("a text has no zero byte", where="text")
    return words or None


def require_room(connection: Connection, conflict: Conflict) -> None:
    """Return if there is room for one more comment on a conflict. Raises ConflictError."""
    said = select(func.count()).where(
        CONFLICT_EVENT.c.conflict_id == conflict.id, CONFLICT_EVENT.c.action == ACTIONS["comment"]
    )
    if connection.execute(said).scalar_one() >= MOST_COMMENTS:
        raise ConflictError(
            f"conflict {conflict.id} has {MOST_COMMENTS:,} comments, and no conflict has more", where="text"
        )


def find_values(connection: Connection, city: City, before: Conflict, step: Step, text: str | None) -> dict[str, Any]:
    """The columns that a step gives new values. Raises InvalidParameter, ConflictError."""
    if step.action in PATHS:
        return find_path(before, step.action, text)
    if step.action == "comment":
        if text is None:
            raise InvalidParameter("a comment needs a text", where="text")
        require_room(connection, before)
        return {}
    if step.action == "due":
        return {"due_on": parse_day(step.value)}
    if step.action == "own":
        return {"owner": find_department(connection, step.value)}
    return {"assignee": find_assignee(connection, city, before, step.value)}


def find_path(before: Conflict, action: str, text: str | None) -> dict[str, Any]:
    """The new status, with its reason. Raises ConflictError, InvalidParameter where a reason is missing."""
    status, sources = PATHS[action]
    if before.status not in sources:
        allowed = ", ".join(sorted(sources))
        raise ConflictError(
            f"conflict {before.id} is {before.status}; to {action} it, it must be one of {allowed}", where="action"
        )
    if action == "approve" and text is None:
        raise InvalidParameter("an approval needs its reason as text", where="text")
    return {"status": status, "reason": text}


def find_status_values(values: Mapping[str, Any], actor: Actor, now: datetime.datetime) -> dict[str, Any]:
    """What goes with a new status: since when and by whom."""
    if "status" not in values:
        return {}
    resolved_on = now if values["status"] == "resolved" else None
    return {"status_on": now, "status_by": actor.username, "resolved_on": resolved_on}


def parse_day(text: str | None) -> datetime.date | None:
    """The day a conflict is due, None for none. Raises InvalidParameter."""
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(f"a due date is a day as 2026-11-23, got {text[:40]!r}", where="value") from None


def find_department(connection: Connection, code: str | None) -> str | None:
    """The code of a department there is, None for none. Raises InvalidParameter."""
    if not code:
        return None
    try:
        get_department_id(connection, code)
    except MissingError:
        raise InvalidParameter(f"there is no department {code[:80]!r}", where="value") from None
    return code


def find_assignee(connection: Connection, city: City, conflict: Conflict, username: str | None) -> str | None:
    """The user name of who can work on a conflict, None for none.

    Raises InvalidParameter, in the same words whether there is no such person or they may not see the conflict.
    """
    if not username:
        return None
    try:
        person = get_actor(connection, username)
        read_conflict(connection, city.catalogue, city.tables, person, conflict.id)
    except MissingError:
        raise InvalidParameter(
            f"there is no person {username[:80]!r} who may see conflict {conflict.id}", where="value"
        ) from None
    return person.username


def compare(before: Conflict, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By column that changes: its value before and after, as JSON has it. The reason is the event's own text."""
    work = before.work
    known = {"status": before.status, **(vars(work) if work is not None else {})}
    return {
        name: [to_json(known.get(name)), to_json(value)]
        for name, value in values.items()
        if name != "reason" and known.get(name) != value
    }


def to_json(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def write(connection: Connection, before: Conflict, values: Mapping[str, Any], step: Step) -> None:
    """Give the conflict its new values; a comment leaves it, and its version, as they are."""
    if step.action == "comment":
        return
    changed = {**values, "version": before.version + 1}
    connection.execute(update(CONFLICT).where(CONFLICT.c.id == before.id).values(changed))


def tell(connection: Connection, before: Conflict, step: Step, event: Mapping[str, Any]) -> None:
    """Add to the history of a conflict."""
    values = {**event, "conflict_id": before.id, "action": ACTIONS[step.action], "changes": event["changes"] or None}
    connection.execute(insert(CONFLICT_EVENT).values(values))
