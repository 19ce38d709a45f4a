"""Stops the queries of clients that went away, which the web server does not tell of.

A map that is moved gives up what it asked before; each query it leaves behind would run to its end or its time limit,
and hold a thread and a connection to the database meanwhile. Requests that take long are therefore looked after: once
none of the connections is open any more on which the request can have come, its statement is cancelled. Requests that
are quick pay nothing but an entry in a list. Only reads are stopped: what somebody saved is saved.
"""

import logging
import threading
import time
from collections.abc import Iterable
from typing import Any

import psycopg
from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import Engine, event

from gis_infra.web import callers
from gis_infra.web.callers import Caller

LOG = logging.getLogger(__name__)
LOOK_EVERY_S = 0.25
PATIENCE_S = 0.4  # a request that takes no longer is not looked after
CLOCKS_DIFFER_S = 0.02  # the system counts in ticks of up to ten milliseconds
CANCEL_LIMIT_S = 2.0
SERVERS = frozenset({("Granian", "HTTP/1.1"), ("Granian", "HTTP/1.0")})
EXTENSION = "gis_infra_lookout"
WAITING = "gis_infra_waiting"


class Waiting:
    """A request whose answer has not begun: the database connections it holds, and where its client may be.

    looked_at: when its client was first looked for; possible: ids of the connections on which it can have come.
    """

    def __init__(self) -> None:
        self.began_at = time.monotonic()
        self.looked_at: float | None = None
        self.possible: frozenset[int] = frozenset()
        self._lock = threading.Lock()
        self._held: list[psycopg.Connection[Any]] = []

    def hold(self, connection: psycopg.Connection[Any]) -> None:
        """The request uses this connection to the database from here on."""
        with self._lock:
            self._held.append(connection)

    def release(self, connection: psycopg.Connection[Any]) -> None:
        """The request uses it no more. Waits for a cancel that is under way, which would else hit the next user."""
        with self._lock:
            self._held = [each for each in self._held if each is not connection]

    def end(self) -> None:
        """The answer begins; from here on the server itself notices that nobody takes it."""
        with self._lock:
            self._held = []

    def is_left(self, open_callers: Iterable[Caller]) -> bool:
        """Whether the client is certainly gone. open_callers: of this moment.

        At the first look it can be on any connection where somebody waits, so somebody else's slow request may hide
        that it is gone; but it is never taken to be gone while it waits.
        """
        if self.looked_at is None:
            self.looked_at = time.monotonic()
            self.possible = frozenset(each.id for each in open_callers if each.is_waiting)
        heard_by = self.looked_at + CLOCKS_DIFFER_S
        # Where something was heard later, the next request came: the one before was answered.
        self.possible &= {each.id for each in open_callers if each.is_waiting and each.heard_at <= heard_by}
        return not self.possible

    def cancel(self) -> None:
        """Stop what the request reads; if it is between two statements, the next look finds it again."""
        with self._lock:
            for connection in self._held:
                if connection.read_only:
                    cancel(connection)


def cancel(connection: psycopg.Connection[Any]) -> None:
    """Have the database stop the statement of a connection that another thread waits for."""
    try:
        connection.cancel_safe(timeout=CANCEL_LIMIT_S)
    except psycopg.Error as error:
        LOG.warning("a query that nobody waits for could not be stopped: %s", error)


class Lookout:
    """Looks after the requests of this process that take long, from a thread of its own."""

    def __init__(self) -> None:
        self._waiting: dict[int, Waiting] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, waiting: Waiting) -> None:
        """Look after a request."""
        with self._lock:
            self._waiting[id(waiting)] = waiting
            # Begun at the first request: a process that is made by forking would not have the thread.
            if self._thread is None:
                self._thread = threading.Thread(target=self.run, name="departures", daemon=True)
                self._thread.start()

    def remove(self, waiting: Waiting) -> None:
        """Look after it no more."""
        with self._lock:
            self._waiting.pop(id(waiting), None)

    def run(self) -> None:
        """Look, for as long as the process lives."""
        while True:
            time.sleep(LOOK_EVERY_S)
            self.look()

    def look(self) -> None:
        """Stop the queries of those who are gone."""
        long_ago = time.monotonic() - PATIENCE_S
        with self._lock:
            slow = [each for each in self._waiting.values() if each.began_at < long_ago]
        open_callers = callers.find_callers() if slow else None
        if open_callers is not None:
            for waiting in slow:
                if waiting.is_left(open_callers):
                    waiting.cancel()


def register(app: Flask, engine: Engine) -> None:
    """Let the application's requests be looked after, where the machine tells enough for it."""
    if not callers.is_known():
        return
    app.extensions[EXTENSION] = Lookout()
    app.after_request(end_on_answer)
    app.teardown_request(end)
    for name, listener in (("checkout", take), ("checkin", give_back)):
        if not event.contains(engine, name, listener):  # several applications may share one engine
            event.listen(engine, name, listener)


def take(connection: psycopg.Connection[Any], *_: object) -> None:
    """A connection to the database is taken from the pool."""
    if has_request_context() and can_be_watched():
        if WAITING not in g:
            g.setdefault(WAITING, Waiting())
            current_app.extensions[EXTENSION].add(g.get(WAITING))
        g.get(WAITING).hold(connection)


def give_back(connection: psycopg.Connection[Any] | None, *_: object) -> None:
    """It goes back to the pool."""
    if connection is not None and has_request_context() and WAITING in g:
        g.get(WAITING).release(connection)


def can_be_watched() -> bool:
    """Whether what `callers` goes by is true of this request.

    A body may come after the request began, by HTTP/2 several requests share a connection, and a test has none at all.
    """
    served = request.environ.get("SERVER_SOFTWARE"), request.environ.get("SERVER_PROTOCOL")
    return served in SERVERS and request.method in ("GET", "HEAD") and not request.content_length


def end_on_answer(response: Response) -> Response:
    """The same answer, whose request is looked after no more."""
    end()
    return response


def end(_: BaseException | None = None) -> None:
    """The answer of this request begins, or it failed."""
    waiting = g.pop(WAITING, None)
    if waiting is not None:
        waiting.end()
        current_app.extensions[EXTENSION].remove(waiting)
