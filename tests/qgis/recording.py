"""The application on a real port, and all that a client asked and was answered, to look at and to show."""

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.serving import make_server


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. at: when it came, in seconds."""

    method: str
    path: str
    query: str
    body: str
    status: str
    answer: str
    at: float
    signed_in: bool


@dataclass
class Recorder:
    """Writes down each exchange and passes it on."""

    app: Flask
    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer of the application."""
        at = time.time()
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
        self.keep(environ, body, told[-1], whole, at)
        return [whole]

    def keep(self, environ: dict[str, Any], body: bytes, status: str, answer: bytes, at: float) -> None:
        """Write an exchange down; of who signed in, only whether somebody did."""
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], body.decode())
        told = (status, answer.decode(errors="replace"))
        self.exchanges.append(Exchange(*asked, *told, at, "HTTP_AUTHORIZATION" in environ))

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
