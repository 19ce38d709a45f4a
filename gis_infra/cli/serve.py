"""`gis-infra serve`: bring the database up to date, load the samples into an empty one, and serve.

The server that starts the private database stops it at its end, unless somebody else is connected by then; one that
found it running leaves it running.
"""

import errno
import http.client
import importlib
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy import Engine

from gis_infra.accounts.links import create_sign_in_link
from gis_infra.cli import samples
from gis_infra.cli.keeping import kept_worker
from gis_infra.collector import collector_paused
from gis_infra.errors import SettingError
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import fitness, schema, transactions
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.web import places

APPLICATION = "gis_infra.web.wsgi:make_app"
MOST_THREADS = 8
READY_LIMIT_S = 300.0
END_LIMIT_S = 10


@click.command(name="serve", help=__doc__)
def command() -> None:
    """Prepare the database and serve until Ctrl-C or SIGTERM."""
    settings = read_settings()
    require_free_port(settings.host, settings.port)
    signal.signal(signal.SIGTERM, leave)
    with running_database(settings) as engine:
        secret = prepare(settings, engine)
        engine.dispose()
        serve(settings, secret)


def leave(number: int, frame: FrameType | None) -> None:
    """End in order on SIGTERM, before the web server has taken the signal over."""
    sys.exit(128 + number)


def require_free_port(host: str, port: int) -> None:
    """Return if the port can be listened on.

    Asked before anything else is done, and asked here because the web server's processes share their port, so that a
    second server would quietly take half of the first one's requests. Raises SettingError.
    """
    family, kind, protocol, _, address = resolve(host, port)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise SettingError(explain_port(error, host, port), where="GIS_INFRA_PORT") from error


def resolve(host: str, port: int) -> tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]:
    """The first address of a host name. Raises SettingError for a name that has none."""
    try:
        # The address of a stream socket begins with host and port, whatever the family adds.
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]  # type: ignore[return-value]
    except socket.gaierror as error:
        raise SettingError(f"GIS_INFRA_HOST {host!r} is no address", where="GIS_INFRA_HOST") from error


def explain_port(error: OSError, host: str, port: int) -> str:
    """Why the port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use; stop what uses it, or set GIS_INFRA_PORT to another one"
    return f"port {port} on {host} cannot be listened on: {error.strerror}; set GIS_INFRA_HOST or GIS_INFRA_PORT"


@contextmanager
def running_database(settings: Settings) -> Iterator[Engine]:
    """An engine for the database in use; if it was started here it is stopped when the block ends and it is idle."""
    if settings.database_url:
        yield make_engine(parse_url(settings.database_url))
        return
    cluster = PrivateCluster(settings.home)
    try:
        yield make_engine(cluster.ensure_running())
    finally:
        if cluster.started_here:
            cluster.stop_if_idle()


def prepare(settings: Settings, engine: Engine) -> str:
    """Bring the database to where it can be served; the secret of a sign-in link for the administrator.

    Raises LayerFileError when the layers are wrong, StorageError when the database cannot be used.
    """
    fitness.require_usable(engine)
    schema.upgrade(engine, settings.city_srid)
    samples.load_if_empty(settings, engine)
    with transactions.writing(engine) as connection:
        return create_sign_in_link(connection)


def serve(settings: Settings, secret: str) -> None:
    """Serve until told to stop; the addresses are printed once they answer."""
    server = Granian(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=count_threads(),
        respawn_failed_workers=True,
        workers_kill_timeout=END_LIMIT_S,
        log_level=LogLevels.warning,
        factory=True,
    )
    # Its processes are forked: what is imported here is imported once for all of them.
    with collector_paused():
        importlib.import_module(APPLICATION.partition(":")[0])
    # Announced by a process, because a process that has threads is not safely forked.
    multiprocessing.Process(target=announce, args=(settings, secret), daemon=True).start()
    with kept_worker() if settings.jobs_at_once else nullcontext():
        server.serve()


def count_threads() -> int:
    """Threads of one process: enough to wait for the database side by side, not more than the cores can feed.

    Those that files being sent, made or looked into may take for long come on top.
    """
    return min(MOST_THREADS, 2 * (os.cpu_count() or 1) + 1) + places.THREADS


def announce(settings: Settings, secret: str) -> None:
    """Print the addresses as soon as the server answers; nothing if it does not come up."""
    deadline = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < deadline:
        if answers(settings):
            click.echo(render_addresses(settings, secret))
            return
        time.sleep(0.05)


def answers(settings: Settings) -> bool:
    """Whether the server says that it is alive."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def render_addresses(settings: Settings, secret: str) -> str:
    """What a newcomer needs to know, one address a line."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = settings.public_url or f"http://{host}:{settings.port}"
    return "\n".join(
        (
            "",
            f"  map       {base}/",
            f"  OGC API   {base}/ogc/",
            f"  WFS       {base}/wfs",
            f"  sign in   {base}/sign-in/{secret}   (once, within 30 minutes)",
            "",
            "  Ctrl-C stops it.",
        )
    )
