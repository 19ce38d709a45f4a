"""A relay that signs every request in, for a suite that edits but cannot say who it is.

It passes requests on to the server and answers back as they are; Host stays what the client wrote, so that the
addresses the server tells lead through the relay again.
"""

import http.client
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHUNK = 65536
LIMIT_S = 300
# What belongs to one connection and not to the message.
OWN = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


@contextmanager
def sign_in(port: int, username: str, password: str) -> Iterator[int]:
    """The port at which everybody is that person towards the server at `port`, both on loopback."""
    secret = "Basic " + b64encode(f"{username}:{password}".encode()).decode()

    class Relay(BaseHTTPRequestHandler):
        """Passes on one request."""

        def pass_on(self) -> None:
            """Ask the server and send what it answers; the connection ends with the answer."""
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN}
            server = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
            server.request(self.command, self.path, self.rfile.read(length), headers | {"Authorization": secret})
            answer = server.getresponse()
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in OWN:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while chunk := answer.read(CHUNK):
                self.wfile.write(chunk)
            server.close()

        do_GET = do_POST = do_OPTIONS = do_HEAD = pass_on

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the server writes its own log."""

    relay = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    thread = threading.Thread(target=relay.serve_forever)
    thread.start()
    try:
        yield relay.server_port
    finally:
        relay.shutdown()
        thread.join()
        relay.server_close()
