"""Good sources as bytes, and ways to spoil them: the same number gives the same damage."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from shapely import LineString, MultiPolygon, Point, Polygon

from tests.sources import write_shapefile

Parts = Mapping[str, bytes]

X, Y = 603_000.0, 1_191_000.0  # in the middle of the city, EPSG:9210
NUMBERS = (0, 1, -1, 2, 255, 65_535, 2**31 - 1, -(2**31), 2**30, 1_000_000)
HEAD = 160  # bytes at the start of a part in which counts and sizes stand


def make_seeds(folder: Path) -> dict[str, Parts]:
    """Sources that are whole: name -> their parts by suffix; ".zip" is one part. folder: an empty one to work in."""
    rows = range(12)
    lines = [LineString([(X + 10 * row, Y), (X + 10 * row + 7, Y + 5), (X + 10 * row + 9, Y + 9)]) for row in rows]
    pipes = {"MA_ONG": [f"P{row}" for row in rows], "DN": [100 + row for row in rows], "TEN_DUONG": ["Nguyễn Huệ"] * 12}
    points = [Point(X + row, Y + row, 1.5 + row) for row in rows]
    hydrants = {"MA_TRU": [f"H{row}" for row in rows], "GHI_CHU": ["đã sửa chữa"] * 12}
    areas = [MultiPolygon([square(X + 20 * row, 15), square(X + 20 * row, 5, up=40)]) for row in rows]
    houses = {"MA_NHA": [f"B{row}" for row in rows], "SO_TANG": list(rows)}
    write_shapefile(folder / "pipes.shp", pipes, lines, encoding="TCVN3", prj=9210)
    write_shapefile(folder / "hydrants.shp", hydrants, points, encoding="UTF-8", cpg="UTF-8", prj=9210)
    write_shapefile(folder / "houses.shp", houses, areas, prj=9210)
    seeds: dict[str, Parts] = {name: read_parts(folder, name) for name in ("pipes", "hydrants", "houses")}
    seeds["pipes_zip"] = {".zip": pack("pipes", seeds["pipes"], zipfile.ZIP_DEFLATED)}
    seeds["houses_zip"] = {".zip": pack("Nhà/houses", seeds["houses"], zipfile.ZIP_STORED)}
    return seeds


def square(x: float, size: float, up: float = 0) -> Polygon:
    """A square with its lower left corner at x."""
    return Polygon([(x, Y + up), (x + size, Y + up), (x + size, Y + up + size), (x, Y + up + size)])


def read_parts(folder: Path, name: str) -> Parts:
    """The parts of a shapefile."""
    return {each.suffix: each.read_bytes() for each in sorted(folder.glob(f"{name}.*"))}


def pack(name: str, parts: Parts, how: int) -> bytes:
    """A zip of a shapefile."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for suffix, content in parts.items():
            archive.writestr(zipfile.ZipInfo(f"{name}{suffix}", (2026, 1, 1, 0, 0, 0)), content, how)
    return buffer.getvalue()


def make_case(random: Random, seeds: Mapping[str, Parts]) -> tuple[str, dict[str, bytes]]:
    """A source by name, and its parts spoilt; of a zip either the archive is spoilt or what is in it."""
    name = random.choice(sorted(seeds))
    inside = name.removesuffix("_zip")
    if name == inside or random.random() < 0.5:
        return name, spoil(random, seeds[name])
    return name, {".zip": pack(inside, spoil(random, seeds[inside]), zipfile.ZIP_DEFLATED)}


def spoil(random: Random, parts: Parts) -> dict[str, bytes]:
    """The same parts with one to three damages, each in any of them; now and then a part is gone."""
    spoilt = dict(parts)
    for _ in range(random.choice((1, 1, 2, 3))):
        suffix = random.choice(sorted(spoilt))
        if len(spoilt) > 1 and random.random() < 0.05:
            del spoilt[suffix]
            continue
        spoilt[suffix] = random.choice(DAMAGES)(random, spoilt[suffix])
    return spoilt


def flip(random: Random, content: bytes) -> bytes:
    """Some bits turned over, more often near the start."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 8)):
        if changed:
            changed[choose_place(random, changed)] ^= 1 << random.randrange(8)
    return bytes(changed)


def lie(random: Random, content: bytes) -> bytes:
    """A number in it replaced by an extreme one, in either byte order."""
    if len(content) < 4:
        return content
    place = min(choose_place(random, content) // 4 * 4, len(content) - 4)
    return content[:place] + struct.pack(random.choice((">i", "<i")), random.choice(NUMBERS)) + content[place + 4 :]


def cut(random: Random, content: bytes) -> bytes:
    """Nothing after some byte."""
    return content[: random.randrange(len(content) + 1)]


def drop(random: Random, content: bytes) -> bytes:
    """A stretch taken out of the middle."""
    start = random.randrange(len(content) + 1)
    return content[:start] + content[start + random.randint(1, 40) :]


def repeat(random: Random, content: bytes) -> bytes:
    """A stretch that comes twice."""
    start = random.randrange(len(content) + 1)
    end = start + random.randint(1, 200)
    return content[:end] + content[start:end] + content[end:]


def scribble(random: Random, content: bytes) -> bytes:
    """A stretch of noise."""
    start = random.randrange(len(content) + 1)
    length = random.randint(1, 60)
    return content[:start] + random.randbytes(length) + content[start + length :]


def choose_place(random: Random, content: bytes | bytearray) -> int:
    """Any byte, but as often as not one of the first, where counts and sizes stand."""
    return random.randrange(min(HEAD, len(content)) if random.random() < 0.5 else len(content))


DAMAGES: tuple[Callable[[Random, bytes], bytes], ...] = (flip, flip, lie, lie, cut, drop, repeat, scribble)
