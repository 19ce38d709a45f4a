"""GeoJSON, in one piece or a feature a line, made ready: its text is Unicode, or else comes as bytes.

The format is UTF-8 by definition, but files are written in what the writer's machine had, and GDAL hands over what is
no UTF-8 as it is, which nothing after it takes. Such a file is read with its bytes as letters of ISO-8859-1.
"""

import codecs
import json
import re
from pathlib import Path

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.sources.staging import Part, Parts, Staged, link, read_head, require_room

CHUNK_BYTES = 1 << 20
# GeoJSON has no dates: GDAL makes some of text that looks like one, and 2020/01/01 would become 2020-01-01.
OPTIONS = {"DATE_AS_STRING": "YES"}
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LEAST_HEAD = re.compile(
    r'"type"\s*:\s*"(FeatureCollection|Feature|(Multi)?(Point|LineString|Polygon)|GeometryCollection)"'
)


def stage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The file in a folder, under the name "data.geojson"; `bare_geometry` changes nothing.

    Raises InvalidSource if it is no GeoJSON; OurError without room on disk.
    """
    require_geojson(parts.main)
    target = folder / "data.geojson"
    encoding = find_encoding(parts.main.path)
    if encoding == "utf-8":
        return Staged(link(parts.main, target), (parts.main.path,))
    transcode(parts.main, target, encoding)
    remark = f"{parts.name} is not in UTF-8 as GeoJSON has to be; its text is read by what the bytes say"
    if encoding == "utf-16":
        return Staged(target, (parts.main.path,), (f"{parts.name} is in UTF-16",))
    return Staged(target, (parts.main.path,), (remark,), declared=Declared(None, "the file", is_firm=False))


def require_geojson(part: Part) -> None:
    """Return if a file begins as GeoJSON does. Raises InvalidSource, which says what it has instead."""
    head = read_head(part)
    text = head.decode("utf-16" if head.startswith(UTF_16) else "utf-8-sig", errors="replace").lstrip("\x1e \r\n\t")
    if text.startswith(("{", "[")) and LEAST_HEAD.search(text) is not None:
        return
    found = ", ".join(list_members(text)) if text.startswith("{") else f"the letters {text[:20]!r}"
    raise InvalidSource(f"{part.name} cannot be read as GeoJSON: it has {found or 'nothing in it'}", where=part.name)


def recognise(parts: Parts) -> str | None:
    """Why a file with the suffix of JSON is no GeoJSON, None if it is."""
    try:
        require_geojson(parts.main)
    except InvalidSource:
        return "is not GeoJSON"
    return None


def list_members(text: str) -> list[str]:
    """The first names in a JSON text, to tell what it is."""
    return [json.dumps(name)[:40] for name in re.findall(r'"([^"\\]{1,30})"\s*:', text)[:4]]


def find_encoding(path: Path) -> str:
    """ "utf-8" if a file is, "utf-16" if it begins so, else "latin-1", which keeps every byte; read in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        chunk = file.read(CHUNK_BYTES)
        if chunk.startswith(UTF_16):
            return "utf-16"
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(CHUNK_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def transcode(part: Part, target: Path, encoding: str) -> Path:
    """A copy of a text file in UTF-8. Raises InvalidSource for UTF-16 that is none, OurError without room on disk."""
    require_room(target.parent, 2 * part.size)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with part.path.open("rb") as source, target.open("wb") as copy:
            while chunk := source.read(CHUNK_BYTES):
                copy.write(decoder.decode(chunk).encode("utf-8"))
            copy.write(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError as error:
        raise InvalidSource(f"{part.name} is not in {encoding} as it begins: {error}", where=part.name) from error
    return target
