"""A shapefile made ready: its index checked or built anew, its attributes and shapes brought to the same number.

Row n of the .dbf belongs to entry n of the .shx. Where there are more of one than of the other, those that have both
go together in order, shapes without a row get empty attributes, rows without a shape get none; each is said. The files
handed in are never changed: what is mended is a copy, or an index of our own beside links to the rest.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources import attributes, shape_index
from gis_infra.transfer.sources.declarations import DbfHeader, Declared, parse_declared
from gis_infra.transfer.sources.shape_index import Marks, Numbers, ShapeIndex, Survey
from gis_infra.transfer.sources.staging import Part, Parts, Staged, get_beside, link, read_head, read_small

CARRYING = (".dbf", ".prj", ".cpg")
MOST_NAMED = 5
UNSAID = Declared(None, "the file", is_firm=False)


@dataclass(frozen=True)
class Shapes:
    """The shapes of a .shp: where they are, what was seen of them, whether the .shx handed in says so too, remarks."""

    index: ShapeIndex
    seen: Survey
    is_as_given: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Attributes:
    """The .dbf of a shapefile, None where shapes are taken without it; its header, its deleted rows, remarks."""

    dbf: Part | None
    header: DbfHeader | None
    deleted: int
    has_text: bool
    remarks: tuple[str, ...]


def stage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The shapefile in a folder, under the name "data".

    bare_geometry: take the shapes alone where the .dbf is missing or spoilt.
    Raises InvalidSource if it is not a shapefile, is cut off, or lacks its attributes; OurError without room on disk.
    """
    require_whole(parts.main)
    attribute = read_attributes(parts, bare_geometry=bare_geometry)
    rows = attribute.header.rows if attribute.header is not None else None
    shapes = read_shapes(parts, rows)
    count = len(shapes.index) if rows is None else max(len(shapes.index), rows)
    place(parts, folder, shapes, attribute, count)
    return Staged(
        path=folder / "data.shp",
        parts=(parts.main.path, *(parts.beside[suffix].path for suffix in CARRYING if suffix in parts.beside)),
        remarks=(*shapes.remarks, *attribute.remarks, *tell_difference(parts, len(shapes.index), rows)),
        declared=read_declared(parts, attribute.header),
        has_text=attribute.has_text,
        count=count - attribute.deleted,
        bounds=shapes.seen.bounds,
        wkt=read_prj(parts),
    )


def require_whole(shp: Part) -> None:
    """Return if a file is a .shp and as long as it says. Raises InvalidSource."""
    head = read_head(shp, shape_index.HEADER_BYTES)
    if not head.startswith(shape_index.FILE_CODE) or len(head) < shape_index.HEADER_BYTES:
        raise InvalidSource(f"{shp.name} is not a shapefile: its first bytes are not those of one", where=shp.name)
    claimed = int.from_bytes(head[shape_index.LENGTH_AT], "big") * shape_index.WORD_BYTES
    if shp.size < claimed:
        # GDAL reads such a file as if the shapes at its end were missing.
        message = f"{shp.name} is cut off: it says {claimed:,} bytes and holds {shp.size:,}; ask for the file again"
        raise InvalidSource(message, where=shp.name)


def read_attributes(parts: Parts, *, bare_geometry: bool) -> Attributes:
    """The attributes, checked; none if they are missing or spoilt and shapes alone are asked for.

    Raises InvalidSource, which names the part and says what to do.
    """
    try:
        dbf = get_beside(parts, ".dbf", "attributes", attributes.ASK_AGAIN)
        header = attributes.read_header(dbf)
    except InvalidSource as error:
        if not bare_geometry:
            raise
        reason = error.message.removesuffix(f"; {attributes.ASK_AGAIN}")
        return Attributes(
            None, None, 0, False, (f"{reason}: the shapes are read alone, which an import does with --bare-geometry",)
        )
    content = attributes.scan(dbf.path, header)
    remarks = []
    if content.deleted:
        remarks.append(f"{dbf.name}: rows marked as deleted, left out: {content.deleted:,}")
    if memos := attributes.list_memos(dbf.path, header):
        named = ", ".join(memos)
        remarks.append(
            f"{dbf.name}: the text of {named} is in a .dbt, which is not read; export it as plain text columns"
        )
    return Attributes(dbf, header, content.deleted, content.has_text, tuple(remarks))


def read_shapes(parts: Parts, rows: int | None) -> Shapes:
    """The shapes, by the .shx where it fits the .shp, else by going through the .shp.

    rows: of the .dbf, None without. Raises InvalidSource if the .shp itself is damaged where no index helps.
    """
    shp, shx = parts.main, parts.beside.get(".shx")
    if shx is None:
        return rebuild(shp, f"{parts.name} has no .shx, the index of its shapes", None, rows)
    given = shape_index.read_index(shx.path, shp.path)
    if given is None:
        return rebuild(shp, f"{shx.name}, the index of shapes, is damaged", None, rows)
    known = (given, shape_index.survey(shp.path, given))
    if known[1].misplaced.any():
        return rebuild(shp, f"{shx.name}, the index of shapes, does not fit the .shp", known, rows)
    if rows not in {None, len(given)} and len(walk(shp)[0]) == rows:
        return rebuild(
            shp, f"{shx.name}, the index of shapes, has {len(given):,} of the {rows:,} there are", known, rows
        )
    return without_damaged(shp, *known, (), is_as_given=True)


def walk(shp: Part) -> tuple[ShapeIndex, Numbers, int | None]:
    """The shapes as the .shp has them; the byte where it breaks off is None at or after the end it gives itself."""
    head = read_head(shp, shape_index.HEADER_BYTES)
    claimed = int.from_bytes(head[shape_index.LENGTH_AT], "big") * shape_index.WORD_BYTES
    index, numbers, broken_at = shape_index.walk(shp.path, shp.size)
    return index, numbers, broken_at if broken_at is not None and broken_at < claimed else None


def rebuild(shp: Part, why: str, given: tuple[ShapeIndex, Survey] | None, rows: int | None) -> Shapes:
    """The shapes as the .shp has them; where it breaks off, those that its index still leads to.

    Raises InvalidSource if there is no such index, or it leads to none.
    """
    index, numbers, broken_at = walk(shp)
    if broken_at is None:
        require_order(shp, why, numbers, rows)
        remark = f"{why}: it was built anew from the .shp, the original is as it was"
        return without_damaged(shp, index, shape_index.survey(shp.path, index), (remark,), is_as_given=False)
    if given is not None and not given[1].misplaced.all():
        remark = f"{why}, and the .shp is damaged at byte {broken_at:,}"
        return without_damaged(shp, *given, (remark,), is_as_given=False)
    message = f"{shp.name} is damaged at byte {broken_at:,}, after {len(index):,} shapes, and {why}"
    raise InvalidSource(f"{message}; ask for the file again", where=shp.name)


def require_order(shp: Part, why: str, numbers: Numbers, rows: int | None) -> None:
    """Return if the shapes of a .shp are known to be in the order of its rows: as many, or numbered without a gap.

    Raises InvalidSource.
    """
    is_numbered = not len(numbers) or bool((numbers - numbers[0] == np.arange(len(numbers))).all())
    if rows is None or rows == len(numbers) or is_numbered:
        return
    message = f"{why}, there are {len(numbers):,} shapes and {rows:,} rows of attributes, and the numbers of the shapes"
    raise InvalidSource(
        f"{message} have gaps, so which belongs to which cannot be told; ask for the whole shapefile", where=shp.name
    )


def without_damaged(
    shp: Part, index: ShapeIndex, seen: Survey, remarks: tuple[str, ...], *, is_as_given: bool
) -> Shapes:
    """The shapes without those that cannot be read, whose rows then have none; and remarks on their kinds."""
    bad = seen.misplaced | seen.damaged
    if bad.any():
        sound = ShapeIndex(np.where(bad, 0, index.offsets), np.where(bad, 0, index.lengths))
        remarks = (*remarks, f"{shp.name}: damaged shapes, whose rows come without one: {name_rows(bad)}")
        return Shapes(sound, seen, is_as_given=False, remarks=remarks + tell_kinds(shp, seen, bad))
    return Shapes(index, seen, is_as_given, remarks + tell_kinds(shp, seen, bad))


def tell_kinds(shp: Part, seen: Survey, bad: Marks) -> tuple[str, ...]:
    """Remarks on multipatches, and on shapes of another kind than the file's."""
    declared = int.from_bytes(read_head(shp, 36)[32:36], "little")
    kinds = np.where(bad, 0, seen.kinds)
    remarks = []
    if patches := int(np.count_nonzero(kinds == shape_index.MULTIPATCH)):
        remarks.append(f"{shp.name}: multipatches, which are solids and no shapes of a plan: {patches:,}")
    other = (kinds != 0) & (kinds != declared)
    if other.any():
        remarks.append(f"{shp.name}: shapes of another kind than the file says ({declared}): {name_rows(other)}")
    return tuple(remarks)


def name_rows(marks: Marks) -> str:
    """How many are marked, and the first of them, counted from 1."""
    rows = np.flatnonzero(marks) + 1
    more = ", …" if len(rows) > MOST_NAMED else ""
    return f"{len(rows):,} (row {', '.join(str(row) for row in rows[:MOST_NAMED])}{more})"


def tell_difference(parts: Parts, shapes: int, rows: int | None) -> tuple[str, ...]:
    """A remark if there are not as many rows as shapes."""
    if rows is None or rows == shapes:
        return ()
    kept = min(rows, shapes)
    rest = "shapes have no attributes" if shapes > rows else "rows have no shape"
    numbers = f"{parts.name} has {shapes:,} shapes, and its .dbf {rows:,} rows of attributes"
    together = f"the first {kept:,} of both go together in order, and the other {abs(shapes - rows):,} {rest}"
    return (f"{numbers}: {together}; if a row was taken out of the .dbf by hand, all rows after it are wrong",)


def place(parts: Parts, folder: Path, shapes: Shapes, attribute: Attributes, count: int) -> None:
    """Put links and mended copies into the folder, with `count` entries and rows."""
    link(parts.main, folder / "data.shp")
    if shapes.is_as_given and count == len(shapes.index):
        link(parts.beside[".shx"], folder / "data.shx")
    else:
        lacking = count - len(shapes.index)
        index = ShapeIndex(np.pad(shapes.index.offsets, (0, lacking)), np.pad(shapes.index.lengths, (0, lacking)))
        shape_index.write_index(folder / "data.shx", parts.main.path, index)
    if attribute.dbf is None or attribute.header is None:
        return
    if attribute.header.rows == count:
        link(attribute.dbf, folder / "data.dbf")
    else:
        attributes.write_padded(attribute.dbf, folder / "data.dbf", attribute.header, count)


def read_prj(parts: Parts) -> str:
    """The text of the .prj, "" if there is none. Not through GDAL, which mends some lies and hides them."""
    prj = parts.beside.get(".prj")
    return read_small(prj).decode("utf-8", errors="replace").strip("\x00 \r\n\t\ufeff") if prj is not None else ""


def read_declared(parts: Parts, header: DbfHeader | None) -> Declared:
    """What the .cpg and the .dbf say of the text."""
    cpg = parts.beside.get(".cpg")
    said = read_small(cpg).decode("ascii", errors="replace").strip("\x00 \r\n\t\ufeff") if cpg is not None else None
    return parse_declared(said, header.language_driver if header is not None else None)
