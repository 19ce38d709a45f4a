"""Contacts kept: added, changed, removed, listed by administrators, and found for a place."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Text, delete, func, insert, or_, select, type_coerce, update

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.contacts.entries import Entry
from gis_infra.analysis.contacts.tables import OWNER_CONTACT
from gis_infra.errors import ConflictError, MissingError, NotPermitted, SignInNeeded, StaleVersion
from gis_infra.filters.places import to_constant

LONLAT_DECIMALS = 7
MOST = 1000  # contacts a city keeps


@dataclass(frozen=True)
class Contact:
    """One contact. area: GeoJSON, longitude/latitude; None: everywhere."""

    id: int
    owner: str
    name: str
    sectors: tuple[str, ...]
    area: dict[str, Any] | None
    email: str | None
    phone: str | None
    address: str | None
    version: int
    updated_at: datetime.datetime
    updated_by: str


def list_contacts(connection: Connection, actor: Actor) -> list[Contact]:
    """Every contact, by owner and name. Raises SignInNeeded, NotPermitted unless the actor administers the city."""
    require_admin(actor)
    return read(connection)


def get_contact(connection: Connection, actor: Actor, contact_id: int) -> Contact:
    """The contact with that id. Raises MissingError, SignInNeeded, NotPermitted."""
    require_admin(actor)
    found = read(connection, OWNER_CONTACT.c.id == contact_id)
    if not found:
        raise MissingError(f"there is no contact {contact_id}", where="id")
    return found[0]


def find_for_place(connection: Connection, actor: Actor, shape: BaseGeometry, srid: int) -> list[Contact]:
    """The contacts to ask about a place; none for the public, whom the list of contacts is not for.

    shape: in the city's CRS, EPSG:`srid`.
    """
    if actor.is_anonymous:
        return []
    area = OWNER_CONTACT.c.area
    return read(connection, or_(area.is_(None), func.st_intersects(area, to_constant(shape, srid))))


def add_contact(connection: Connection, actor: Actor, entry: Entry, srid: int) -> Contact:
    """Keep a new contact.

    Raises ConflictError if the owner has one of that name or there are too many, SignInNeeded, NotPermitted.
    """
    require_admin(actor)
    require_new(connection, entry)
    if connection.execute(select(func.count()).select_from(OWNER_CONTACT)).scalar_one() >= MOST:
        raise ConflictError(f"there are {MOST} contacts, and no more are kept")
    values = {**to_values(entry, srid), "updated_by": actor.username}
    added = connection.execute(insert(OWNER_CONTACT).values(values).returning(OWNER_CONTACT.c.id)).scalar_one()
    return get_contact(connection, actor, added)


def change_contact(connection: Connection, actor: Actor, known: Contact, entry: Entry, srid: int) -> Contact:
    """Put an entry in the place of a contact the caller has seen.

    Raises StaleVersion if somebody has changed it since, ConflictError, MissingError, SignInNeeded, NotPermitted.
    """
    require_admin(actor)
    require_new(connection, entry, but=known.id)
    changed = (
        update(OWNER_CONTACT)
        .where(OWNER_CONTACT.c.id == known.id, OWNER_CONTACT.c.version == known.version)
        .values(
            **to_values(entry, srid),
            updated_by=actor.username,
            updated_at=func.now(),
            version=OWNER_CONTACT.c.version + 1,
        )
    )
    require_done(connection, actor, known, connection.execute(changed).rowcount)
    return get_contact(connection, actor, known.id)


def remove_contact(connection: Connection, actor: Actor, known: Contact) -> None:
    """Remove a contact the caller has seen. Raises as `change_contact`."""
    require_admin(actor)
    gone = delete(OWNER_CONTACT).where(OWNER_CONTACT.c.id == known.id, OWNER_CONTACT.c.version == known.version)
    require_done(connection, actor, known, connection.execute(gone).rowcount)


def require_admin(actor: Actor) -> None:
    """Return if the actor administers the city. Raises SignInNeeded, NotPermitted."""
    if actor.is_anonymous:
        raise SignInNeeded("sign in to see and change contacts")
    if not actor.is_admin():
        raise NotPermitted("only an administrator may see and change the list of contacts")


def require_new(connection: Connection, entry: Entry, but: int | None = None) -> None:
    """Return if the owner has no contact of that name, other than `but`. Raises ConflictError."""
    same = (OWNER_CONTACT.c.owner == entry.owner, OWNER_CONTACT.c.name == entry.name)
    found = connection.scalar(select(OWNER_CONTACT.c.id).where(*same))
    if found is not None and found != but:
        raise ConflictError(f"{entry.owner} has a contact {entry.name!r} already", where="name")


def require_done(connection: Connection, actor: Actor, known: Contact, rows: int) -> None:
    """Return if the row was met. Raises StaleVersion, MissingError if it is gone."""
    if rows == 0:
        version = get_contact(connection, actor, known.id).version
        raise StaleVersion(f"contact {known.id} is at version {version} now, not at {known.version}", where="If-Match")


def to_values(entry: Entry, srid: int) -> dict[str, Any]:
    """The columns of an entry."""
    area = None if entry.area is None else to_constant(entry.area, srid)
    return {**vars(entry), "sectors": list(entry.sectors), "area": area}


def read(connection: Connection, *conditions: ColumnElement[bool]) -> list[Contact]:
    """The contacts that meet the conditions, by owner, name and id."""
    area = func.st_asgeojson(func.st_transform(OWNER_CONTACT.c.area, 4326), LONLAT_DECIMALS, 0)
    columns = [each for each in OWNER_CONTACT.columns if each.name != "area"]
    rows = connection.execute(
        select(*columns, type_coerce(area, Text).label("area_json"))
        .where(*conditions)
        .order_by(OWNER_CONTACT.c.owner, OWNER_CONTACT.c.name, OWNER_CONTACT.c.id)
        .limit(MOST)
    )
    return [to_contact(row) for row in rows]


def to_contact(row: Any) -> Contact:
    """One row of the table."""
    values = dict(row._mapping)
    area = values.pop("area_json")
    return Contact(
        **{**values, "sectors": tuple(values["sectors"])},
        area=None if area is None else orjson.loads(area),
    )


def list_owners(contacts: Sequence[Contact]) -> list[str]:
    """The owners of contacts, each once, in their order."""
    return list(dict.fromkeys(each.owner for each in contacts))
