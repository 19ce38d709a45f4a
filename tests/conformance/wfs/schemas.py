"""The schemas of OGC and W3C for suites that follow every schemaLocation, where those servers cannot be reached.

A proxy on loopback: it answers for their addresses from jars of Maven Central, and knows nothing else.
"""

import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# What an address begins with -> where the rest of it is found in one of the jars.
OGC = ("http://schemas.opengis.net/", "ogc/")
W3C: Mapping[str, str] = {
    "http://www.w3.org/1999/xlink.xsd": "org/opengis/cite/iso19142/xsd/w3c/2008/06/xlink.xsd",
    "http://www.w3.org/XML/2008/06/xlink.xsd": "org/opengis/cite/iso19142/xsd/w3c/2008/06/xlink.xsd",
    "http://www.w3.org/2001/xml.xsd": "org/opengis/cite/iso19142/xsd/w3c/2009/01/xml.xsd",
    "http://www.w3.org/2009/01/xml.xsd": "org/opengis/cite/iso19142/xsd/w3c/2009/01/xml.xsd",
}


@contextmanager
def serve(jars: list[Path]) -> Iterator[list[str]]:
    """The options that send a Java to the proxy, which lasts as long as the block."""
    with ExitStack() as stack:
        archives = [stack.enter_context(zipfile.ZipFile(each)) for each in jars]
        lock = threading.Lock()

        class Proxy(BaseHTTPRequestHandler):
            """Answers for addresses of others."""

            def do_GET(self) -> None:
                """The schema asked for, or 404."""
                with lock:
                    body = find(archives, self.path)
                self.send_response_only(404 if body is None else 200)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield ["-Dhttp.proxyHost=127.0.0.1", f"-Dhttp.proxyPort={proxy.server_port}"]
        finally:
            proxy.shutdown()
            thread.join()
            proxy.server_close()


def find(archives: list[zipfile.ZipFile], address: str) -> bytes | None:
    """The schema at an address, None if no archive has it."""
    name = W3C.get(address, address.replace(*OGC) if address.startswith(OGC[0]) else "")
    holder = next((each for each in archives if name in each.NameToInfo), None)
    return None if holder is None else holder.read(name)
