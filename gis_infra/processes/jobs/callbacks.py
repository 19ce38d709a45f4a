"""Tells those who asked for it what becomes of a job, by a POST to the address they gave.

An address is called only if the operator named its host (GIS_INFRA_CALLBACK_HOSTS): without that, whoever may run a job
could have this server ask anything of the network it stands in. No redirect is followed, nothing of an answer is
read but its status, and what cannot be delivered is tried a few times and then given up.
"""

import contextlib
import http.client
import logging
import socket
import ssl
import threading
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import orjson
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from gis_infra.errors import InvalidParameter
from gis_infra.processes.jobs import records
from gis_infra.processes.jobs.tables import JOB, JOB_CALLBACK
from gis_infra.storage.transactions import writing

LOG = logging.getLogger(__name__)
MEMBERS: Mapping[str, str] = {"successUri": "success", "inProgressUri": "in_progress", "failedUri": "failed"}
PORTS = {"http": 80, "https": 443}
LONGEST = 2000
LIMIT_S = 10
MOST_ATTEMPTS = 3
RETRY_S = 60
AT_ONCE = 20


@dataclass(frozen=True)
class Call:
    """One address to be told something."""

    number: int
    uri: str
    body: bytes


def parse_subscriber(asked: Any, hosts: Collection[str]) -> dict[str, str]:
    """The addresses of a `subscriber` by event. hosts: those allowed. Raises InvalidParameter, which names the member.

    Source: OGC 18-062r2, clause 12, schema subscriber.yaml.
    """
    if not isinstance(asked, dict):
        raise InvalidParameter("subscriber must be an object of addresses", where="subscriber")
    for name in asked:
        if name not in MEMBERS:
            raise InvalidParameter(
                f"subscriber has no member {str(name)[:40]!r}; it has {', '.join(MEMBERS)}", where="subscriber"
            )
    if asked and "successUri" not in asked:
        raise InvalidParameter("subscriber needs successUri", where="subscriber")
    return {MEMBERS[name]: require_allowed(name, uri, hosts) for name, uri in asked.items()}


def require_allowed(member: str, uri: Any, hosts: Collection[str]) -> str:
    """The address, if the operator allows its host. Raises InvalidParameter."""
    where = f"subscriber.{member}"
    if not isinstance(uri, str) or len(uri) > LONGEST or not uri.isascii() or not uri.isprintable() or " " in uri:
        raise InvalidParameter(f"{where} must be an http(s) address of at most {LONGEST} characters", where=where)
    parts = split(uri)
    if parts is None or parts.scheme not in PORTS or parts.username is not None or parts.fragment:
        raise InvalidParameter(f"{where} must be an http(s) address without user name and fragment", where=where)
    if not is_allowed(parts, hosts):
        raise InvalidParameter(f"{where}: this server calls no address of that host and port", where=where)
    return uri


def split(uri: str) -> SplitResult | None:
    """The parts of an address, None if it is none."""
    try:
        parts = urlsplit(uri)
        return parts if parts.hostname and (parts.port is None or parts.port > 0) else None
    except ValueError:
        return None


def is_allowed(parts: SplitResult, hosts: Collection[str]) -> bool:
    """Whether a host is named, and with it the port if that is not the scheme's own."""
    port = parts.port or PORTS[parts.scheme]
    named = f"{parts.hostname}:{port}"
    return named in hosts or (port == PORTS[parts.scheme] and parts.hostname in hosts)


def queue(connection: Connection, job_id: uuid.UUID, event: str) -> None:
    """Have who asked for it told of an event of a job, in the transaction in which it happens."""
    uri = JOB.c.subscriber[event].astext
    asked = select(JOB.c.id, func.concat(event), uri).where(JOB.c.id == job_id, uri.is_not(None))
    connection.execute(insert(JOB_CALLBACK).from_select(["job_id", "event", "uri"], asked))


def deliver(engine: Engine, hosts: Collection[str]) -> None:
    """Call the addresses whose time has come; those that fail are put off, and given up after some attempts."""
    for call in take(engine):
        if send(call, hosts):
            with writing(engine) as connection:
                connection.execute(delete(JOB_CALLBACK).where(JOB_CALLBACK.c.id == call.number))


def take(engine: Engine) -> list[Call]:
    """The calls whose time has come, put off for the case that they fail; no other worker takes them meanwhile."""
    due = (
        select(JOB_CALLBACK.c.id)
        .where(JOB_CALLBACK.c.due_at <= func.now())
        .order_by(JOB_CALLBACK.c.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with writing(engine) as connection:
        connection.execute(delete(JOB_CALLBACK).where(JOB_CALLBACK.c.attempts >= MOST_ATTEMPTS))
        retry_at = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, RETRY_S)
        later = {"attempts": JOB_CALLBACK.c.attempts + 1, "due_at": retry_at}
        taken = connection.execute(
            update(JOB_CALLBACK).where(JOB_CALLBACK.c.id.in_(due)).values(later).returning(*JOB_CALLBACK.c)
        ).all()
        return [to_call(connection, row) for row in sorted(taken, key=lambda row: row.id)]


def to_call(connection: Connection, row: Row[Any]) -> Call:
    """What is told: the results of a job that succeeded, else how it stands."""
    job = records.read_job(connection, row.job_id)
    document = records.list_wanted(job) if row.event == "success" else records.to_status(job)
    return Call(row.id, row.uri, orjson.dumps(document))


def send(call: Call, hosts: Collection[str]) -> bool:
    """Whether the call is done with: the address took it, or is not one to call any more."""
    parts = split(call.uri)
    if parts is None or not is_allowed(parts, hosts):
        return True
    try:
        status = post(parts, call.body)
    except (OSError, http.client.HTTPException) as error:
        LOG.warning("a callback to %s failed: %s", parts.hostname, type(error).__name__)
        return False
    return status < http.client.INTERNAL_SERVER_ERROR


def post(parts: SplitResult, body: bytes) -> int:
    """The status with which an address answers a POST of JSON. Raises OSError, HTTPException."""
    port = parts.port or PORTS[parts.scheme]
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=LIMIT_S, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=LIMIT_S)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    # The limit of a connection is for each part of an answer; one that comes letter by letter would never end.
    watch = threading.Timer(LIMIT_S, hang_up, (connection,))
    watch.start()
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()


def hang_up(connection: http.client.HTTPConnection) -> None:
    """End a connection that somebody waits on."""
    # It may be closed in this very moment, which is as well.
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
