"""Opening a file that somebody hands in, and saying what is in it. Reads the head, never the features.

Fiona describes; the features themselves are read by `batches`. Whatever is wrong with the file comes out as
InvalidSource, in words that say which part is missing or spoilt. The file and its companions are never changed.
"""

import math
import tempfile
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fiona
import fiona.errors
from fiona.model import to_dict

from gis_infra.errors import InvalidParameter, InvalidSource
from gis_infra.transfer.sources.declarations import Declared, find_dbf_header, has_high_bytes, parse_declared

SHAPEFILE = "ESRI Shapefile"
SUFFIXES: Mapping[str, str] = {".shp": SHAPEFILE, ".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON"}
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz")
CARRYING = (".dbf", ".prj", ".cpg")  # of a shapefile, besides the .shp
COMPANIONS = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj")
SHP_FILE_CODE = b"\x00\x00\x27\x0a"
SHP_HEADER_BYTES = 100
SHP_LENGTH = slice(24, 28)  # of the header: the length of the file in words, big-endian
SHP_WORD_BYTES = 2
SHX_ENTRY_BYTES = 8


@dataclass(frozen=True)
class SourceField:
    """A column of the source: its name as the driver gives it, and its type as Fiona writes it ("str:80", "int32")."""

    name: str
    type: str

    @property
    def kind(self) -> str:
        """The type without its width."""
        return self.type.split(":")[0]

    @property
    def is_text(self) -> bool:
        """Whether the column holds text."""
        return self.kind == "str"


@dataclass(frozen=True)
class Source:
    """One layer of a file, described; open, its `path` can be read.

    name: what messages call it, "survey.zip/pipes.shp". path: the file to read, mended where it had to be, and there
    only while the source is open. parts: the files handed in that carry its data, which are never changed. remarks:
    what was mended or noticed, in words. count: features, deleted rows not among them. geometry: as Fiona names it,
    "3D LineString"; "None" without. bounds: xmin, ymin, xmax, ymax in the source's own coordinates, None if there are
    none or they are not finite. wkt: what the file says of its coordinate system, "" if nothing. declared: what it says
    of its text; None for a format that is Unicode by itself. has_text: whether any byte of it is beyond ASCII.
    """

    name: str
    path: Path
    parts: tuple[Path, ...]
    remarks: tuple[str, ...]
    layer: str
    driver: str
    fields: tuple[SourceField, ...]
    count: int
    geometry: str
    bounds: tuple[float, float, float, float] | None
    wkt: str
    declared: Declared | None
    has_text: bool

    @property
    def has_z(self) -> bool:
        """Whether the layer is declared to have heights."""
        return self.geometry.startswith("3D ")

    @property
    def is_shapefile(self) -> bool:
        """Whether it is a shapefile."""
        return self.driver == SHAPEFILE

    @property
    def is_surface(self) -> bool:
        """Whether its text comes as bytes, each shown as the character it is in ISO-8859-1."""
        return self.declared is not None


def list_layers(path: Path) -> tuple[str, ...]:
    """The layers of a file. Raises InvalidSource if it cannot be read as geographic data."""
    driver = get_driver(path)
    if driver == SHAPEFILE:
        require_whole_shapefile(path)
        return (path.stem,)
    try:
        return tuple(fiona.listlayers(path))
    except (fiona.errors.FionaError, ValueError, OSError):
        raise InvalidSource(f"{path.name} cannot be read as {driver}", where=path.name) from None


@contextmanager
def open_source(path: Path, layer: str | None = None, *, bare_geometry: bool = False) -> Iterator[Source]:
    """Run a block with one layer of a file, described and ready to be read.

    layer: needed only when the file holds several. bare_geometry: take shapes whose attributes are missing.
    Raises InvalidSource if the file cannot be read, InvalidParameter if it has no such layer or the name is missing.
    """
    chosen = choose_layer(path, list_layers(path), layer)
    try:
        with warnings.catch_warnings(), readable(path) as opened:
            warnings.simplefilter("ignore")  # what GDAL finds odd shows again row by row, as problems of the rows
            with fiona.open(opened, layer=None if is_shapefile(path) else chosen, encoding="ISO-8859-1") as collection:
                source = describe(path, chosen, collection)
    except (fiona.errors.FionaError, ValueError, OSError, AttributeError) as error:
        raise InvalidSource(f"{path.name} cannot be read: {tell(error)}", where=path.name) from error
    yield source


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """The path under which the drivers can read a file: its own, or that of links to it without its .prj.

    A .prj with a name in an 8-bit encoding ends pyogrio 0.13 in a fault of its own; we read the .prj ourselves.
    """
    prj = find_companion(path, ".prj") if is_shapefile(path) else None
    if prj is None or is_unicode(prj):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".shp", ".shx", ".dbf"):
            part = find_companion(path, suffix)
            if part is not None:
                Path(folder, f"{path.stem}{suffix}").symlink_to(part.resolve())
        yield Path(folder, f"{path.stem}.shp")


def is_unicode(file: Path) -> bool:
    """Whether a small text file is UTF-8."""
    try:
        file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def get_driver(path: Path) -> str:
    """The driver for a path. Raises InvalidSource if nothing is there or its kind is not read here."""
    name = path.name
    if path.is_dir():
        inside = ", ".join(sorted(each.name for each in path.iterdir() if each.suffix.lower() in SUFFIXES)[:10])
        inside = f"name one file in it: {inside}" if inside else f"it holds no {', '.join(SUFFIXES)} itself"
        raise InvalidSource(f"{name} is a folder; {inside}", where=name)
    if not path.is_file():
        hint = "; one whose letters only look the same is there: name it by the Tab key" if has_twin(path) else ""
        raise InvalidSource(f"there is no file {path}{hint}", where=name)
    if path.stat().st_size == 0:
        raise InvalidSource(f"{name} is empty (0 bytes)", where=name)
    suffix = path.suffix.lower()
    if suffix in COMPANIONS:
        raise InvalidSource(f"{name} is only a part of a shapefile; name {path.stem}.shp", where=name)
    if suffix not in SUFFIXES:
        hint = "; unpack it first" if suffix in ARCHIVES else ""
        raise InvalidSource(f"{name} is not read here; allowed: {', '.join(SUFFIXES)}{hint}", where=name)
    return SUFFIXES[suffix]


def has_twin(path: Path) -> bool:
    """Whether there is a file whose path differs in nothing but composed or decomposed letters."""
    return any(Path(unicodedata.normalize(form, str(path))).is_file() for form in ("NFC", "NFD"))


def require_whole_shapefile(path: Path) -> None:
    """Return if a shapefile and what it needs beside it are there. Raises InvalidSource, which names the part."""
    with path.open("rb") as file:
        head = file.read(SHP_HEADER_BYTES)
    if not head.startswith(SHP_FILE_CODE) or len(head) < SHP_HEADER_BYTES:
        raise InvalidSource(f"{path.name} is not a shapefile: its first bytes are not those of one", where=path.name)
    claimed, there = int.from_bytes(head[SHP_LENGTH], "big") * SHP_WORD_BYTES, path.stat().st_size
    if there < claimed:
        # GDAL reads such a file as if the shapes at its end were missing.
        raise InvalidSource(f"{path.name} is cut off: it says {claimed:,} bytes and holds {there:,}", where=path.name)
    dbf = get_companion(path, ".dbf", "attributes")
    require_attributes(dbf, get_companion(path, ".shx", "index of shapes"))


def get_companion(path: Path, suffix: str, holds: str) -> Path:
    """A part beside the .shp that has something in it. Raises InvalidSource, which says what it would hold."""
    companion = find_companion(path, suffix)
    if companion is None:
        message = f"{path.name} has no {suffix} beside it, which holds the {holds}; ask for the whole shapefile"
        raise InvalidSource(message, where=path.name)
    if companion.stat().st_size == 0:
        raise InvalidSource(f"{companion.name}, which holds the {holds}, is empty (0 bytes)", where=companion.name)
    return companion


def require_attributes(dbf: Path, shx: Path) -> None:
    """Return if a .dbf is one, is whole, and has a row for each shape.

    GDAL opens a shapefile with a spoilt .dbf as if it had no columns, and what they held would be lost without a word.
    Raises InvalidSource.
    """
    header = find_dbf_header(dbf)
    if header is None:
        raise InvalidSource(f"{dbf.name} is not the attributes of a shapefile", where=dbf.name)
    if dbf.stat().st_size < header.data_offset + header.rows * header.row_bytes:
        claim = f"it says {header.rows:,} rows of {header.row_bytes} bytes and holds less"
        raise InvalidSource(f"{dbf.name} is cut off: {claim}", where=dbf.name)
    shapes = (shx.stat().st_size - SHP_HEADER_BYTES) // SHX_ENTRY_BYTES
    if header.rows != shapes:
        message = f"{dbf.name} has {header.rows:,} rows of attributes, but {shx.name} {max(shapes, 0):,} shapes"
        raise InvalidSource(f"{message}; which belongs to which cannot be told", where=dbf.name)


def find_companion(path: Path, suffix: str) -> Path | None:
    """The file of the same name with another suffix, in any case; None if there is none."""
    stem, wanted = path.stem.casefold(), suffix.casefold()
    for each in sorted(path.parent.iterdir()):
        if each.stem.casefold() == stem and each.suffix.casefold() == wanted and each.is_file():
            return each
    return None


def find_carrying(path: Path) -> tuple[Path, ...]:
    """The parts beside a .shp that carry data, as many of them as there are."""
    found = (find_companion(path, suffix) for suffix in CARRYING)
    return tuple(part for part in found if part is not None)


def is_shapefile(path: Path) -> bool:
    """Whether the name is that of a shapefile."""
    return SUFFIXES.get(path.suffix.lower()) == SHAPEFILE


def choose_layer(path: Path, layers: tuple[str, ...], wanted: str | None) -> str:
    """The layer asked for, or the only one.

    Raises InvalidSource if there is none, InvalidParameter if there are several and none or a wrong one was named.
    """
    if not layers:
        raise InvalidSource(f"{path.name} holds no layer", where=path.name)
    names = ", ".join(layers)
    if wanted is None and len(layers) > 1:
        message = f"{path.name} holds {len(layers)} layers, name one with --source-layer: {names}"
        raise InvalidParameter(message, where="source-layer")
    if wanted is not None and wanted not in layers:
        raise InvalidParameter(f"{path.name} has no layer {wanted!r}; it has {names}", where="source-layer")
    return wanted if wanted is not None else layers[0]


def describe(path: Path, layer: str, collection: Any) -> Source:
    """The description of an open Fiona collection."""
    schema = to_dict(collection.schema) if not isinstance(collection.schema, dict) else collection.schema
    shapefile = is_shapefile(path)
    return Source(
        name=path.name,
        path=path,
        parts=(path, *(part for suffix in CARRYING if (part := find_companion(path, suffix))))
        if shapefile
        else (path,),
        remarks=(),
        layer=layer,
        driver=str(collection.driver),
        fields=tuple(SourceField(name, kind) for name, kind in schema["properties"].items()),
        count=len(collection),
        geometry=str(schema["geometry"]),
        bounds=find_bounds(collection),
        wkt=read_prj(path) if shapefile else str(collection.crs_wkt),
        declared=read_declared(path) if shapefile else None,
        has_text=has_text(path) if shapefile else True,
    )


def find_bounds(collection: Any) -> tuple[float, float, float, float] | None:
    """The box of the layer, None if it is empty or not finite."""
    if not len(collection):
        return None
    bounds = tuple(float(number) for number in collection.bounds)
    return (bounds[0], bounds[1], bounds[2], bounds[3]) if all(map(math.isfinite, bounds)) else None


def read_prj(path: Path) -> str:
    """The text of the .prj, "" if there is none. Not through GDAL, which mends some lies and hides them."""
    prj = find_companion(path, ".prj")
    return prj.read_bytes().decode("utf-8", errors="replace").strip("\x00 \r\n\ufeff") if prj else ""


def read_declared(path: Path) -> Declared:
    """What the .cpg and the .dbf say of the text."""
    cpg, dbf = find_companion(path, ".cpg"), find_companion(path, ".dbf")
    header = find_dbf_header(dbf) if dbf else None
    said = cpg.read_bytes().decode("ascii", errors="replace").strip("\x00 \r\n\ufeff") if cpg else None
    return parse_declared(said, header.language_driver if header else None)


def has_text(path: Path) -> bool:
    """Whether the .dbf has a byte beyond ASCII in its rows."""
    dbf = find_companion(path, ".dbf")
    header = find_dbf_header(dbf) if dbf else None
    return dbf is not None and header is not None and has_high_bytes(dbf, header.data_offset)


def tell(error: BaseException) -> str:
    """The first line of a foreign error, without the path of the machine."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
