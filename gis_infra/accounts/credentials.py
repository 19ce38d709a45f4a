"""From what a caller shows (password, token, link) to the person they are.

Every failure says the same words, whether the name or the password was wrong, and takes the same time.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from gis_infra.accounts import passwords
from gis_infra.accounts.people import get_person_id
from gis_infra.accounts.secrets import hash_secret, make_secret
from gis_infra.accounts.tables import PERSON, SIGN_IN_LINK, TOKEN
from gis_infra.errors import ConflictError, MissingError, SignInNeeded

# What is checked when there is no such person, so that the answer takes as long.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b6dWRWJTmaaJObGVEzlWPjm6ts"
FREE_ATTEMPTS = 10
LOCK = timedelta(seconds=60)
LINK_LIFE = timedelta(minutes=30)
REMEMBERED = 256


class PasswordMemory:
    """Remembers which passwords were right, so that HTTP Basic need not run Argon2 on every request of a client.

    Holds keyed digests only, under a key that dies with the process; a changed password hash makes an entry useless.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._right: OrderedDict[bytes, None] = OrderedDict()

    def is_right(self, password: str, encoded: str) -> bool:
        """Whether `password` belongs to the encoded hash; quick when it was right before."""
        digest = hmac.digest(self._key, f"{encoded}\0{password}".encode(), hashlib.sha256)
        with self._lock:
            if digest in self._right:
                self._right.move_to_end(digest)
                return True
        if not passwords.is_right(password, encoded):
            return False
        with self._lock:
            self._right[digest] = None
            if len(self._right) > REMEMBERED:
                self._right.popitem(last=False)
        return True


def find_by_password(connection: Connection, username: str, password: str, memory: PasswordMemory) -> int | None:
    """The id of the person whose user name and password these are; None if either is wrong or the account is closed.

    Returns rather than raises for what is wrong, because the count of failures has to be committed. While too many
    tries in a row have been wrong none is right: only names that exist can be locked, so saying it would tell them.
    """
    row = find_by_username(connection, username)
    if row is None or row.password_hash is None or not row.active or row.locked:
        passwords.is_right(password, NOBODY)
        return None
    if not memory.is_right(password, row.password_hash):
        count_failure(connection, row.id)
        return None
    if row.failed_attempts:
        connection.execute(update(PERSON).where(PERSON.c.id == row.id).values(failed_attempts=0, locked_until=None))
    return int(row.id)


def find_by_username(connection: Connection, username: str) -> Row[tuple[int, str, bool, int, bool]] | None:
    """What checking a password needs to know of a person; None if there is none of that name."""
    columns = PERSON.c
    locked = func.coalesce(columns.locked_until > func.now(), False).label("locked")
    statement = select(columns.id, columns.password_hash, columns.active, columns.failed_attempts, locked)
    return connection.execute(statement.where(columns.username == username.strip().lower()[:64])).one_or_none()


def count_failure(connection: Connection, person_id: int) -> None:
    """Add a wrong try; from the tenth in a row on each locks the account for a minute."""
    person = update(PERSON).where(PERSON.c.id == person_id)
    connection.execute(person.values(failed_attempts=PERSON.c.failed_attempts + 1))
    connection.execute(person.where(PERSON.c.failed_attempts >= FREE_ATTEMPTS).values(locked_until=func.now() + LOCK))


def add_token(connection: Connection, username: str, name: str, life: timedelta | None = None) -> str:
    """A new bearer token of a person; it is shown this once.

    life: how long it works; None is until it is revoked.
    Raises MissingError if there is no such person, ConflictError if they have a token of that name.
    """
    person_id = get_person_id(connection, username)
    if connection.scalar(select(TOKEN.c.id).where(TOKEN.c.person_id == person_id, TOKEN.c.name == name)) is not None:
        raise ConflictError(f"{username} already has a token {name!r}", where="name")
    secret = make_secret()
    expires_at = None if life is None else func.now() + life
    row = {"person_id": person_id, "name": name, "secret_hash": hash_secret(secret), "expires_at": expires_at}
    connection.execute(insert(TOKEN).values(row))
    return secret


def revoke_token(connection: Connection, username: str, name: str) -> None:
    """Make a token worthless. Raises MissingError if the person has none of that name."""
    person_id = get_person_id(connection, username)
    where = (TOKEN.c.person_id == person_id) & (TOKEN.c.name == name)
    if connection.execute(delete(TOKEN).where(where)).rowcount == 0:
        raise MissingError(f"{username} has no token {name!r}", where="name")


@dataclass(frozen=True)
class TokenDates:
    """What may be told of a token after it was shown."""

    name: str
    created_at: datetime
    expires_at: datetime | None


def list_tokens(connection: Connection, username: str) -> list[TokenDates]:
    """Name and dates of a person's tokens, by name; never the tokens. Raises MissingError."""
    columns = TOKEN.c
    mine = columns.person_id == get_person_id(connection, username)
    statement = select(columns.name, columns.created_at, columns.expires_at).where(mine).order_by(columns.name)
    return [TokenDates(*row) for row in connection.execute(statement)]


def check_token(connection: Connection, secret: str) -> int:
    """The id of the person whose token this is. Raises SignInNeeded if it is unknown, revoked or expired."""
    alive = or_(TOKEN.c.expires_at.is_(None), TOKEN.c.expires_at > func.now())
    person_id = connection.scalar(select(TOKEN.c.person_id).where(TOKEN.c.secret_hash == hash_secret(secret), alive))
    if person_id is None:
        raise SignInNeeded("the token is unknown or has expired")
    return int(person_id)


def create_sign_in_link(connection: Connection, username: str) -> str:
    """The secret of a link that signs a person in once, within half an hour. Raises MissingError."""
    secret = make_secret()
    row = {
        "secret_hash": hash_secret(secret),
        "person_id": get_person_id(connection, username),
        "expires_at": func.now() + LINK_LIFE,
    }
    connection.execute(delete(SIGN_IN_LINK).where(SIGN_IN_LINK.c.expires_at < func.now()))
    connection.execute(insert(SIGN_IN_LINK).values(row))
    return secret


def use_sign_in_link(connection: Connection, secret: str) -> int:
    """The id of the person the link was made for; it works once. Raises SignInNeeded if it was used or is old."""
    mine = (SIGN_IN_LINK.c.secret_hash == hash_secret(secret)) & (SIGN_IN_LINK.c.expires_at > func.now())
    person_id = connection.scalar(delete(SIGN_IN_LINK).where(mine).returning(SIGN_IN_LINK.c.person_id))
    if person_id is None:
        raise SignInNeeded("this sign-in link was used already or is too old; ask for a new one")
    return int(person_id)
