"""Who is asking: the session cookie of the map, HTTP Basic or a bearer token of the APIs."""

from flask import g, has_request_context

from gis_infra.accounts.actor import ANONYMOUS, Actor


def get_actor() -> Actor:
    """The actor of this request; the public when nobody is signed in. Raises SignInNeeded on wrong credentials."""
    if has_request_context() and "actor" in g:
        actor: Actor = g.actor
        return actor
    return ANONYMOUS
