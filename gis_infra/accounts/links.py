"""The one-time link a new server prints, for a person it makes if need be."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert

from gis_infra.accounts import credentials
from gis_infra.accounts.people import EVERYTHING
from gis_infra.accounts.tables import PERSON, ROLE_GRANT

FIRST_ADMIN = "admin"


def create_sign_in_link(connection: Connection, username: str = FIRST_ADMIN) -> str:
    """The secret of a sign-in link for `username`; the first administrator is made if there is none of that name.

    Raises MissingError for any other name that has no account.
    """
    if username == FIRST_ADMIN:
        make_first_admin(connection)
    return credentials.create_sign_in_link(connection, username)


def make_first_admin(connection: Connection) -> None:
    """Make the person "admin", who has no password, unless somebody has that name already; two at once make one."""
    person = upsert(PERSON).values(username=FIRST_ADMIN, full_name="Administrator")
    connection.execute(person.on_conflict_do_nothing(index_elements=["username"]))
    held = connection.scalar(select(ROLE_GRANT.c.id).join(PERSON).where(PERSON.c.username == FIRST_ADMIN).limit(1))
    if held is None:
        person_id = select(PERSON.c.id).where(PERSON.c.username == FIRST_ADMIN).scalar_subquery()
        grant = upsert(ROLE_GRANT).values(person_id=person_id, scope=EVERYTHING, role="admin")
        connection.execute(grant.on_conflict_do_nothing())
