"""The application on a real port, and a record of what clients ask it."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from werkzeug.serving import make_server


@dataclass(frozen=True)
class Asked:
    """One request: method, path, and the first value of each parameter."""

    method: str
    path: str
    parameters: dict[str, str]


@dataclass
class Served:
    """The address of the application, and what it was asked since it was last forgotten."""

    address: str
    asked: list[Asked] = field(default_factory=list)

    def list_asked(self, path: str, method: str = "GET") -> list[dict[str, str]]:
        """The parameters of the requests for a path."""
        return [each.parameters for each in self.asked if (each.method, each.path) == (method, path)]


@contextmanager
def serve(app: Flask) -> Iterator[Served]:
    """Serve on a port nobody else has, until the block ends."""
    served = Served("")
    server = make_server("127.0.0.1", 0, Recorder(app, served.asked), threaded=True)
    served.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Recorder:
    """Writes down each request and passes it on."""

    def __init__(self, app: Flask, asked: list[Asked]) -> None:
        self.app = app
        self.asked = asked

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer of the application."""
        query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
        given = {name: values[0] for name, values in query.items()}
        self.asked.append(Asked(environ["REQUEST_METHOD"], urlsplit(environ["PATH_INFO"]).path, given))
        return self.app(environ, start)
