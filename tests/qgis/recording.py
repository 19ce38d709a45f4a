"""The application on a real port, and all that a client asked and was answered, to look at and to show."""

import io
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

# A file that every exchange is written to, for people.
CAPTURE = "GIS_INFRA_CAPTURE"
LONGEST = 4000


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; of the answer, the beginning if it is long."""

    method: str
    path: str
    query: str
    body: str
    status: str
    answer: str


@dataclass
class Recorder:
    """Writes down each exchange and passes it on."""

    app: Flask
    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer of the application."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        told: list[str] = []

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told.append(status)
            return start(status, headers, *rest)

        plain = {name: value for name, value in environ.items() if name != "HTTP_ACCEPT_ENCODING"}
        answer = self.app({**plain, "wsgi.input": io.BytesIO(body)}, note)
        try:
            whole = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        self.keep(environ, body, told[-1], whole)
        return [whole]

    def keep(self, environ: dict[str, Any], body: bytes, status: str, answer: bytes) -> None:
        """Write an exchange down."""
        shown = answer.decode(errors="replace")[:LONGEST]
        found = Exchange(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], body.decode(), status, shown
        )
        self.exchanges.append(found)
        if CAPTURE in os.environ:
            with Path(os.environ[CAPTURE]).open("a", encoding="utf-8") as file:
                file.write(f"> {found.method} {found.path}?{found.query}\n{found.body}\n< {found.status}\n{shown}\n\n")

    def list_posted(self) -> list[Exchange]:
        """What was posted."""
        return [each for each in self.exchanges if each.method == "POST"]


@contextmanager
def serve(app: Flask) -> Iterator[tuple[Recorder, str]]:
    """The recorder and the address, on a port nobody else has, until the block ends."""
    recorder = Recorder(app)
    server = make_server("127.0.0.1", 0, recorder, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield recorder, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
