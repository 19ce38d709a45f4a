"""The files Vite built: which ones a page must load, and how one of them is sent.

Pure but for looking at the folder. Names carry a hash of their content, so a browser may keep them for ever; beside a
large file stands its compressed twin, made once by the build instead of at each request.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_infra.errors import MissingError

FOLDER = Path(__file__).parent / "static" / "built"
MANIFEST = "manifest.json"
ENTRY = "src/main.ts"
PAGES_ENTRY = "src/pages.ts"
CONTENT_TYPES: Mapping[str, str] = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Content coding -> what the build adds to the name; the smaller first.
ENCODINGS: Mapping[str, str] = {"br": ".br", "gzip": ".gz"}

# The build makes no folders; a name with anything else in it was never one of its files.
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Bundle:
    """What the page loads, as names below the built folder: one module and its style sheets.

    modules: what the module imports, which a browser told of them fetches along with it and not after it. workers:
    scripts of its workers, which it asks for once it runs.
    """

    script: str
    styles: tuple[str, ...]
    modules: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuiltFile:
    """One file as it goes out. encoding: its content coding, None for none."""

    path: Path
    content_type: str
    encoding: str | None


def find_bundle(folder: Path, entry: str = ENTRY) -> Bundle | None:
    """What was built into `folder` from the program `entry`, None when nothing was."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return None
    chunks: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    if entry not in chunks:
        return None
    loaded = list_loaded(chunks, entry)
    assets = list_files(loaded, "assets")
    return Bundle(
        script=chunks[entry]["file"],
        styles=list_files(loaded, "css"),
        modules=tuple(chunk["file"] for chunk in loaded if chunk is not chunks[entry]),
        workers=tuple(name for name in assets if name.endswith(".js")),
    )


def list_loaded(chunks: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """A chunk of the manifest after those it imports, each once."""
    imported = [chunk for each in chunks[name].get("imports", ()) for chunk in list_loaded(chunks, each)]
    return tuple({chunk["file"]: chunk for chunk in (*imported, chunks[name])}.values())


def list_files(chunks: Iterable[Mapping[str, Any]], kind: str) -> tuple[str, ...]:
    """The files of a kind of some chunks, each once."""
    return tuple(dict.fromkeys(name for chunk in chunks for name in chunk.get(kind, ())))


def get_file(folder: Path, name: str, accepted: Iterable[str]) -> BuiltFile:
    """The built file called `name`, in the smallest coding among `accepted` that the build has made.

    Raises MissingError when there is no such file, or it is of a kind the page never loads.
    """
    path = folder / name
    content_type = CONTENT_TYPES.get(path.suffix)
    if content_type is None or not PLAIN_NAME.fullmatch(name) or not path.is_file():
        raise MissingError(f"the map has no file {name[:100]!r}", where=name[:100])
    wanted = set(accepted)
    for encoding, suffix in ENCODINGS.items():
        twin = path.with_name(path.name + suffix)
        if encoding in wanted and twin.is_file():
            return BuiltFile(twin, content_type, encoding)
    return BuiltFile(path, content_type, None)
