"""Stored queries in the database, and who may see, add and drop them."""

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import ConflictError, InvalidParameter, NotPermitted, SignInNeeded, UnknownLayer
from gis_infra.web.wfs.faults import DuplicateStoredQuery
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.types import get_types
from gis_infra.web.wfs.stored_queries import provided
from gis_infra.web.wfs.stored_queries.definitions import Definition, parse, write
from gis_infra.web.wfs.stored_queries.tables import STORED_QUERY

MOST_OF_ONE = 100
MOST = 2_000


def list_visible(connection: Connection, city: City) -> list[Definition]:
    """The stored queries the actor may see, those of the service first, the others by id."""
    rows = connection.execute(select(STORED_QUERY).order_by(STORED_QUERY.c.id).limit(MOST))
    stored = [parse(row.definition, row.username) for row in rows]
    return [*provided.list_provided(), *(each for each in stored if is_visible(each, city))]


def get(connection: Connection, query_id: str, city: City, where: str) -> Definition:
    """The stored query of that id. where: the name of the parameter that has it.

    Raises InvalidParameter if there is none, or none that the actor may see.
    """
    found = provided.find_provided(query_id) or find(connection, query_id)
    if found is None or not is_visible(found, city):
        raise InvalidParameter(f"there is no stored query {query_id[:100]!r}", where=where)
    return found


def find(connection: Connection, query_id: str) -> Definition | None:
    """The stored query of that id, None if there is none; not one of the service."""
    row = connection.execute(select(STORED_QUERY).where(STORED_QUERY.c.id == query_id)).one_or_none()
    return None if row is None else parse(row.definition, row.username)


def is_visible(definition: Definition, city: City) -> bool:
    """Whether the actor may see every type that a stored query names: what it says of the others tells of them."""
    try:
        for name in definition.type_names:
            get_types(name, {}, city)
    except UnknownLayer:
        return False
    return True


def require_author(actor: Actor, catalogue: Catalogue) -> None:
    """Return if the actor may store queries: who may edit something. Raises SignInNeeded, NotPermitted."""
    if any(actor.is_allowed("edit", layer) for layer in catalogue.layers.values()):
        return
    if actor.is_anonymous:
        raise SignInNeeded("sign in to store queries", where="CreateStoredQuery")
    raise NotPermitted(
        f"queries are stored by who may edit a layer; {actor.username} may not", where="CreateStoredQuery"
    )


def add(connection: Connection, definition: Definition, city: City) -> None:
    """Store a query.

    Raises UnknownLayer if it names a type the actor may not see; DuplicateStoredQuery for an id that is taken;
    ConflictError if there are too many.
    """
    for name in definition.type_names:
        get_types(name, {}, city)
    if provided.is_taken(definition.id):
        raise make_duplicate(definition)
    require_room(connection, definition)
    values = {"id": definition.id, "username": definition.username, "definition": write(definition.element)}
    added = insert(STORED_QUERY).values(values).on_conflict_do_nothing().returning(STORED_QUERY.c.id)
    if connection.execute(added).one_or_none() is None:
        raise make_duplicate(definition)


def make_duplicate(definition: Definition) -> DuplicateStoredQuery:
    """That the id is taken."""
    return DuplicateStoredQuery(f"there is a stored query {definition.id!r} already", where=definition.id)


def require_room(connection: Connection, definition: Definition) -> None:
    """Return if another query can be stored. Raises ConflictError."""
    mine = func.count().filter(STORED_QUERY.c.username == definition.username)
    own, every = connection.execute(select(mine, func.count()).select_from(STORED_QUERY)).one()
    if own >= MOST_OF_ONE or every >= MOST:
        raise ConflictError(
            f"{definition.username} has stored {own} queries of at most {MOST_OF_ONE}, all together {every} of {MOST}; "
            "drop some first",
            where=definition.id,
        )


def drop(connection: Connection, query_id: str, city: City, where: str) -> None:
    """Take a stored query away.

    Raises InvalidParameter if there is none; SignInNeeded and NotPermitted for who neither stored it nor administers
    the city, and for those of the service.
    """
    found = find(connection, query_id)
    if found is None or found.username != city.actor.username:
        seen = get(connection, query_id, city, where)
        require_owner(seen, city.actor)
    connection.execute(delete(STORED_QUERY).where(STORED_QUERY.c.id == query_id))


def require_owner(definition: Definition, actor: Actor) -> None:
    """Return if somebody else's query may be dropped. Raises SignInNeeded, NotPermitted."""
    if actor.is_anonymous:
        raise SignInNeeded("sign in to drop a stored query", where="DropStoredQuery")
    if not definition.username:
        raise NotPermitted(f"stored query {definition.id} comes with the service", where=definition.id)
    if not actor.is_admin():
        raise NotPermitted(
            f"stored query {definition.id} is dropped by who stored it or administers the city", where=definition.id
        )
