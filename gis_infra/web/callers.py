"""The connections on which clients wait for this process, as the operating system knows them.

A WSGI server does not say on which of them a request came. But over HTTP/1.1 a client that waits sends nothing more,
and has been sent nothing since it asked; so the connection of a waiting request is one of those on which something was
heard last, and that no later than the request began. Linux alone tells this much; elsewhere nothing is known.
"""

import os
import socket
import stat
import struct
import time
from collections.abc import Container
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

DESCRIPTORS = Path("/proc/self/fd")
# struct tcp_info of linux/tcp.h, from its 45th byte: milliseconds since data were last sent, since something that is
# not kept, since data were last received, and since anything was acknowledged; each an unsigned number of 32 bits.
INFO_BYTES = 60
LAST_TIMES = struct.Struct("=44x4I")


@dataclass(frozen=True)
class Caller:
    """One connection that was accepted. id: no other open socket has it; heard_at: on the monotonic clock."""

    id: int
    heard_at: float
    is_waiting: bool


def is_known() -> bool:
    """Whether this machine tells about connections."""
    return DESCRIPTORS.is_dir() and hasattr(socket, "TCP_INFO")


def find_callers() -> list[Caller] | None:
    """The open connections that clients made to this process; None if it listens nowhere itself."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(each) for each in map(find_socket, list_descriptors()) if each is not None]
        ports = {port for each in sockets if (port := find_port(each)) is not None}
        callers = [caller for each in sockets if (caller := find_caller(each, ports)) is not None]
    return callers if ports else None


def list_descriptors() -> list[int]:
    """The numbers of the open files of this process."""
    return [int(each.name) for each in DESCRIPTORS.iterdir()]


def find_socket(number: int) -> socket.socket | None:
    """The socket behind an open file, to be closed by the caller; None if it is none, or was closed meanwhile."""
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return None
        # Under a number of its own, so that it is the same socket all the while, whoever closes the other.
        return socket.socket(fileno=os.dup(number))
    except OSError:
        return None


def find_port(listening: socket.socket) -> int | None:
    """The port a socket listens on; None if it does not."""
    if not is_tcp(listening) or not listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return None
    return int(listening.getsockname()[1])


def is_tcp(each: socket.socket) -> bool:
    """Whether a socket is one of TCP."""
    return each.family in (socket.AF_INET, socket.AF_INET6) and each.type == socket.SOCK_STREAM


def find_caller(connection: socket.socket, ports: Container[int]) -> Caller | None:
    """The connection of a socket; None if it is not one that a client made to one of the ports."""
    try:
        if not is_tcp(connection) or connection.getsockname()[1] not in ports:
            return None
        connection.getpeername()  # refused by a socket that only listens, or was left
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO_BYTES)
        return to_caller(os.fstat(connection.fileno()).st_ino, info, time.monotonic())
    except OSError:
        return None


def to_caller(identity: int, info: bytes, now: float) -> Caller:
    """The connection with that tcp_info.

    The system counts in ticks of up to ten milliseconds. Where question and answer fall into the same one, an
    acknowledgement that came later can only be of the answer; without one the client is taken to wait.
    """
    sent_ms, _, heard_ms, acknowledged_ms = LAST_TIMES.unpack(info)
    is_waiting = heard_ms < sent_ms or (heard_ms == sent_ms and acknowledged_ms >= heard_ms)
    return Caller(identity, now - heard_ms / 1000, is_waiting)
