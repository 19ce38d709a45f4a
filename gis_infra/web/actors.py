"""Who is asking: the session cookie of the map, HTTP Basic or a bearer token of the APIs."""

from flask import Flask, Request, Response, current_app, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import Connection

from gis_infra.accounts import credentials, people
from gis_infra.accounts.actor import ANONYMOUS, Actor
from gis_infra.errors import SignInNeeded
from gis_infra.storage.transactions import reading, writing
from gis_infra.web import authorization
from gis_infra.web.context import get_services

MEMORY = "gis_infra_passwords"
SESSION_PERSON = "_user_id"  # where Flask-Login keeps the person in the session


class SignedIn(UserMixin):  # type: ignore[misc]  # the library has no types
    """A person as Flask-Login wants one: an actor, and an id that dies with a changed password."""

    def __init__(self, actor: Actor, epoch: int) -> None:
        self.actor = actor
        self.id = f"{actor.person_id}:{epoch}"


def register(app: Flask) -> None:
    """Let the application know its callers; the answers to those who signed in are never kept by a shared cache."""
    app.extensions[MEMORY] = credentials.PasswordMemory()
    manager = LoginManager(app)
    manager.session_protection = None  # it binds a session to an address, and phones change theirs
    manager.user_loader(load_from_session)
    manager.request_loader(load_from_header)
    app.after_request(mark_private)


def get_actor() -> Actor:
    """The actor of this request; the public when nobody is signed in. Raises SignInNeeded on wrong credentials."""
    return current_user.actor if current_user.is_authenticated else ANONYMOUS


def load_from_session(session_id: str) -> SignedIn | None:
    """The person behind a session cookie; None when the account was closed or its password changed since."""
    person_id, _, epoch = session_id.partition(":")
    with reading(get_services().engine) as connection:
        user = find_user(connection, int(person_id))
    return user if user is not None and user.id == f"{person_id}:{epoch}" else None


def load_from_header(incoming: Request) -> SignedIn | None:
    """The person behind an Authorization header; None without one. Raises SignInNeeded if it is wrong."""
    header = authorization.read(incoming)
    if header is None:
        if incoming.headers.get("Authorization"):
            raise SignInNeeded("the Authorization header cannot be read; Basic and Bearer are understood")
        return None
    user = None
    with writing(get_services().engine) as connection:
        person_id = find_person(connection)
        if person_id is not None:
            user = find_user(connection, person_id)
    if user is None:
        raise SignInNeeded(
            "the user name, password or token is wrong; after ten wrong passwords an account is closed for a minute"
        )
    return user


def find_person(connection: Connection) -> int | None:
    """The id of the person this request's Authorization header proves, None if it proves nobody."""
    header = authorization.read(request)
    if header is not None and header.type == "basic":
        memory = current_app.extensions[MEMORY]
        return credentials.find_by_password(connection, header.username or "", header.password or "", memory)
    if header is not None and header.type == "bearer":
        return credentials.check_token(connection, header.token or "")
    return None


def find_user(connection: Connection, person_id: int) -> SignedIn | None:
    """The signed-in person of that id, None if the account is closed."""
    actor = people.read_actor(connection, person_id)
    return None if actor is None else SignedIn(actor, people.read_session_epoch(connection, person_id))


def sign_in(connection: Connection, person_id: int) -> None:
    """Start a session for a person. Raises SignInNeeded if the account is closed."""
    user = find_user(connection, person_id)
    if user is None:
        raise SignInNeeded("this account is closed")
    login_user(user)


def mark_private(response: Response) -> Response:
    """Keep shared caches from handing one person's answer to another.

    Goes by what the caller sent and asks nobody: an answer that was made without looking at credentials (OPTIONS, a
    redirect) must not fail afterwards because they are wrong.
    """
    response.vary.update(("Cookie", "Authorization"))  # in one header: Flask itself adds to the first and drops others
    if "Cache-Control" not in response.headers and ("Authorization" in request.headers or is_session_held()):
        response.headers["Cache-Control"] = "private"
    return response


def is_session_held() -> bool:
    """Whether the request's cookie is that of somebody who signed in on the map."""
    return SESSION_PERSON in session
