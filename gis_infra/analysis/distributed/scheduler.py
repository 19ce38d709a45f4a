"""The way to a dask scheduler."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from distributed import Client

from gis_infra.analysis.distributed.source import City
from gis_infra.errors import InvalidParameter, StorageError

WHERE = "--dask"
CONNECT_S = 15.0
SCHEMES = ("tcp", "tls")


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler; what it left there undone is cancelled when the block ends.

    address: host:port, tcp://host:port or tls://host:port; keys and certificates for the last are dask's settings.
    Raises InvalidParameter for an address that is none, StorageError when no scheduler answers there.
    """
    _, host, port = parse_address(address)
    try:
        # Asked of the network first: dask would knock at a closed door for all of its time.
        socket.create_connection((host, port), CONNECT_S).close()
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise StorageError(f"no dask scheduler answers at {address}", where=WHERE) from error
    try:
        yield client
    finally:
        client.close()


def require_secrecy(address: str, cities: Iterable[City]) -> None:
    """Return unless the password of a city's database would travel where others may read it.

    Raises InvalidParameter: it goes to the workers by way of the scheduler, which must be reached by TLS then, or be
    on this machine.
    """
    scheme, host, _ = parse_address(address)
    if scheme == "tls" or is_here(host):
        return
    for city in cities:
        if city.url.password is not None or "password" in city.url.query:
            raise InvalidParameter(
                f"the address of {city.name} holds a password, which would travel to {host} in the clear: "
                "use a scheduler at tls://, or let the workers' machines know it (~/.pgpass)",
                where=WHERE,
            )


def parse_address(address: str) -> tuple[str, str, int]:
    """The scheme, the host and the port of a scheduler's address. Raises InvalidParameter."""
    whole = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(whole)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in SCHEMES or host is None or port is None:
        raise InvalidParameter(
            f"a scheduler's address is tcp://host:port or tls://host:port, got {address!r}", where=WHERE
        )
    return scheme, host, port


def is_here(host: str) -> bool:
    """Whether a host is this machine, by a name or address that never leaves it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
