"""Puts pip into the Python that runs this, for Debian's Python without python3-venv; standard library only.

Reads the package index the way pip would (PIP_INDEX_URL, PIP_CERT, pip.conf), takes one pinned wheel from it, and runs
nothing of it unless its SHA-256 is the one written here.
"""

import base64
import configparser
import hashlib
import os
import ssl
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DEFAULT_INDEX = "https://pypi.org/simple"
CONFIG_FILES = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")


class Links(HTMLParser):
    """The addresses of a page's links, by the file name they show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of an <a>."""
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found[Path(urllib.parse.urlparse(address).path).name] = address


def read_option(name: str, default: str) -> str:
    """An option of pip's: its environment variable first, then its configuration files, the last of them winning."""
    given = os.environ.get(f"PIP_{name.upper().replace('-', '_')}", "")
    if given:
        return given
    parser = configparser.RawConfigParser()
    named = os.environ.get("PIP_CONFIG_FILE", "")
    parser.read([Path(each).expanduser() for each in (*CONFIG_FILES, named) if each], encoding="utf-8")
    return parser.get("global", name, fallback=default)


def fetch(address: str) -> bytes:
    """What lies at an address; a user name and password in it are sent as HTTP Basic."""
    parts = urllib.parse.urlparse(address)
    if parts.scheme not in ("http", "https"):
        sys.exit(f"setup: {parts.scheme}:// is no address of a package index")
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = urllib.request.Request(bare)  # noqa: S310 - the scheme is checked above
    request.add_header("Accept", "text/html, */*;q=0.1")
    if parts.username:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
    context = ssl.create_default_context(cafile=read_option("cert", "") or None)
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310
        return bytes(answer.read())


def find_wheel(index: str) -> str:
    """The address of the pinned wheel on an index; ends the program if it is not there."""
    page = f"{index.rstrip('/')}/pip/"
    links = Links()
    links.feed(fetch(page).decode())
    if WHEEL not in links.found:
        sys.exit(f"setup: the package index has no {WHEEL}; install python3-venv, or set PIP_INDEX_URL")
    return urllib.parse.urljoin(page, links.found[WHEEL])


def main() -> None:
    """Fetch, check, install."""
    try:
        wheel = fetch(find_wheel(read_option("index-url", DEFAULT_INDEX)))
    except OSError as error:
        sys.exit(f"setup: the package index cannot be reached ({error}); set PIP_INDEX_URL or PIP_CERT as for pip")
    found = hashlib.sha256(wheel).hexdigest()
    if found != SHA256:
        sys.exit(f"setup: {WHEEL} has SHA-256 {found}, expected {SHA256}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / WHEEL
        file.write_bytes(wheel)
        command = [sys.executable, f"{file}/pip", "install", "--quiet", "--no-deps", "--no-index", str(file)]
        sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - pip itself


if __name__ == "__main__":
    main()
