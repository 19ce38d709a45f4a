"""People, departments and what they were granted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Connection, delete, false, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gis_infra.accounts import passwords
from gis_infra.accounts.actor import ROLES, Actor, Role
from gis_infra.accounts.tables import DEPARTMENT, PERSON, ROLE_GRANT
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import ConflictError, InvalidParameter, MissingError

EVERYTHING = "*"


@dataclass(frozen=True)
class Department:
    """A part of the city, or a company, that owns layers and employs people."""

    code: str
    name_vi: str
    name_en: str
    contact: str | None


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: int
    username: str
    full_name: str
    department: str | None
    active: bool
    grants: dict[str, Role] = field(default_factory=dict)


def add_department(connection: Connection, code: str, name_vi: str, name_en: str, contact: str | None = None) -> int:
    """Add a department and return its id. Raises ConflictError if the code is taken."""
    if connection.scalar(select(DEPARTMENT.c.id).where(DEPARTMENT.c.code == code)) is not None:
        raise ConflictError(f"there is already a department {code!r}", where="code")
    row = {"code": code, "name_vi": name_vi, "name_en": name_en, "contact": contact}
    return cast(int, connection.scalar(insert(DEPARTMENT).values(row).returning(DEPARTMENT.c.id)))


def list_departments(connection: Connection) -> list[Department]:
    """Every department, by code."""
    columns = DEPARTMENT.c
    statement = select(columns.code, columns.name_vi, columns.name_en, columns.contact).order_by(columns.code)
    return [Department(*row) for row in connection.execute(statement)]


def add_person(
    connection: Connection, username: str, full_name: str, department: str | None = None, password: str | None = None
) -> int:
    """Add a person and return the id; without a password only a token or a link signs them in.

    Raises ConflictError if the name is taken, MissingError if there is no such department, InvalidParameter if the
    user name is not 1 to 64 letters, digits or .-_@ or the password is too short.
    """
    name = parse_username(username)
    if connection.scalar(select(PERSON.c.id).where(PERSON.c.username == name)) is not None:
        raise ConflictError(f"there is already a person {name!r}", where="username")
    row = {
        "username": name,
        "full_name": full_name,
        "department_id": None if department is None else get_department_id(connection, department),
        "password_hash": None if password is None else passwords.hash_password(password),
    }
    return cast(int, connection.scalar(insert(PERSON).values(row).returning(PERSON.c.id)))


def parse_username(username: str) -> str:
    """The user name in lower case. Raises InvalidParameter if it is not 1 to 64 letters, digits or .-_@."""
    name = username.strip().lower()
    if not (0 < len(name) <= 64 and all(each.isalnum() or each in ".-_@" for each in name)):
        raise InvalidParameter(
            f"a user name has 1 to 64 letters, digits or .-_@, got {username[:80]!r}", where="username"
        )
    return name


def set_password(connection: Connection, username: str, password: str) -> None:
    """Give a person a new password and end their open sessions.

    Raises MissingError if there is no such person, InvalidParameter if the password is too short.
    """
    values = {
        "password_hash": passwords.hash_password(password),
        "session_epoch": PERSON.c.session_epoch + 1,
        "failed_attempts": 0,
        "locked_until": None,
    }
    person_id = get_person_id(connection, username)
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(values))


def set_active(connection: Connection, username: str, active: bool) -> None:
    """Open or close an account; closing ends its sessions. Raises MissingError if there is no such person."""
    person_id = get_person_id(connection, username)
    values = {"active": active, "session_epoch": PERSON.c.session_epoch + 1}
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(values))


def grant_to_person(connection: Connection, username: str, role: str, scope: str, catalogue: Catalogue) -> None:
    """Give a person a role on a layer, a sector ("sector:water") or everything ("*"), in place of an earlier one.

    Raises MissingError if there is no such person, InvalidParameter for an unknown role or scope.
    """
    values = {"person_id": get_person_id(connection, username), "scope": scope, "role": role}
    require_grant(role, scope, catalogue)
    save_grant(connection, values, ["person_id", "scope"])


def grant_to_department(connection: Connection, code: str, role: str, scope: str, catalogue: Catalogue) -> None:
    """Give everybody of a department a role, as `grant_to_person` does. Raises the same errors."""
    values = {"department_id": get_department_id(connection, code), "scope": scope, "role": role}
    require_grant(role, scope, catalogue)
    save_grant(connection, values, ["department_id", "scope"])


def save_grant(connection: Connection, values: dict[str, object], key: list[str]) -> None:
    """Insert a grant, or change the role of the one with that key."""
    statement = upsert(ROLE_GRANT).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_={"role": values["role"]}))


def revoke_from_person(connection: Connection, username: str, scope: str) -> None:
    """Take back what a person was granted on `scope`. Raises MissingError if nothing was."""
    person_id = get_person_id(connection, username)
    where = (ROLE_GRANT.c.person_id == person_id) & (ROLE_GRANT.c.scope == scope)
    if connection.execute(delete(ROLE_GRANT).where(where)).rowcount == 0:
        raise MissingError(f"{username} was granted nothing on {scope!r}", where="scope")


def require_grant(role: str, scope: str, catalogue: Catalogue) -> None:
    """Return if the role and the scope exist. Raises InvalidParameter, which lists what is allowed."""
    if role not in ROLES:
        raise InvalidParameter(f"a role is one of {', '.join(ROLES)}, got {role!r}", where="role")
    sectors = {f"sector:{each}" for each in catalogue.sectors}
    if scope != EVERYTHING and scope not in sectors and scope not in catalogue.layers:
        allowed = f'a layer id, {", ".join(sorted(sectors))}, or "*" for everything'
        raise InvalidParameter(f"a scope is {allowed}; got {scope!r}", where="scope")


def get_department_id(connection: Connection, code: str) -> int:
    """The id behind a department's code. Raises MissingError."""
    department_id = connection.scalar(select(DEPARTMENT.c.id).where(DEPARTMENT.c.code == code))
    if department_id is None:
        raise MissingError(f"there is no department {code!r}", where="department")
    return int(department_id)


def get_person_id(connection: Connection, username: str) -> int:
    """The id behind a user name. Raises MissingError."""
    person_id = connection.scalar(select(PERSON.c.id).where(PERSON.c.username == username.strip().lower()))
    if person_id is None:
        raise MissingError(f"there is no person {username!r}", where="username")
    return int(person_id)


def list_people(connection: Connection) -> list[Person]:
    """Everybody with an account and what each was granted in person, by user name."""
    columns = (PERSON.c.id, PERSON.c.username, PERSON.c.full_name, DEPARTMENT.c.code, PERSON.c.active)
    statement = select(*columns).join(DEPARTMENT, isouter=True).order_by(PERSON.c.username)
    people = [Person(*row) for row in connection.execute(statement)]
    grants = connection.execute(select(ROLE_GRANT).where(ROLE_GRANT.c.person_id.is_not(None))).all()
    for person in people:
        person.grants.update({each.scope: each.role for each in grants if each.person_id == person.id})
    return people


def read_actor(connection: Connection, person_id: int) -> Actor | None:
    """The actor a person is, with their own and their department's grants; None if there is none or it is closed."""
    statement = (
        select(PERSON.c.username, PERSON.c.department_id, DEPARTMENT.c.code)
        .join(DEPARTMENT, isouter=True)
        .where(PERSON.c.id == person_id, PERSON.c.active)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    # With no department the second half must be false: "= NULL" is written as IS NULL and holds for every person.
    by_department = false() if row.department_id is None else ROLE_GRANT.c.department_id == row.department_id
    held = or_(ROLE_GRANT.c.person_id == person_id, by_department)
    granted = connection.execute(select(ROLE_GRANT.c.scope, ROLE_GRANT.c.role).where(held))
    return Actor(person_id, row.username, row.code, merge_grants((each.scope, each.role) for each in granted))


def list_actors(connection: Connection) -> list[tuple[Actor, str]]:
    """Everybody whose account is open as `read_actor` gives them, each with their full name; by user name."""
    columns = (PERSON.c.id, PERSON.c.username, PERSON.c.full_name, PERSON.c.department_id, DEPARTMENT.c.code)
    people = select(*columns).join(DEPARTMENT, isouter=True).where(PERSON.c.active).order_by(PERSON.c.username)
    granted: dict[tuple[str, int], list[tuple[str, Role]]] = {}
    for each in connection.execute(select(ROLE_GRANT)):
        key = ("department", each.department_id) if each.person_id is None else ("person", each.person_id)
        granted.setdefault(key, []).append((each.scope, each.role))
    found = []
    for row in connection.execute(people):
        held = granted.get(("person", row.id), []) + granted.get(("department", row.department_id), [])
        found.append((Actor(row.id, row.username, row.code, merge_grants(held)), row.full_name))
    return found


def read_session_epoch(connection: Connection, person_id: int) -> int:
    """The number that a session must carry to be alive; it changes with the password. -1 if there is no such person."""
    epoch = connection.scalar(select(PERSON.c.session_epoch).where(PERSON.c.id == person_id))
    return -1 if epoch is None else int(epoch)


def get_actor(connection: Connection, username: str) -> Actor:
    """The actor with that user name. Raises MissingError if there is none or the account is closed."""
    actor = read_actor(connection, get_person_id(connection, username))
    if actor is None:
        raise MissingError(f"the account of {username!r} is closed", where="username")
    return actor


def merge_grants(granted: Iterable[tuple[str, Role]]) -> dict[str, Role]:
    """One role for each scope: the higher one where a person and their department hold different ones."""
    merged: dict[str, Role] = {}
    for scope, role in granted:
        if scope not in merged or ROLES.index(role) > ROLES.index(merged[scope]):
            merged[scope] = role
    return merged
