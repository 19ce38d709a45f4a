"""A table of text with coordinates or shapes (.csv), turned into a file of Arrow batches that is read like any source.

All columns come as text, as bytes of whatever encoding; what they mean is found by the same steps as of a shapefile.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely

from gis_infra.errors import InvalidCrs, InvalidSource
from gis_infra.spatial.crs import get_crs
from gis_infra.transfer.sources.declarations import Declared, has_high_bytes
from gis_infra.transfer.sources.delimited import TOLD, Form, find_form
from gis_infra.transfer.sources.description import Box, SourceField
from gis_infra.transfer.sources.places import Place, Shaped, find_place, read_place
from gis_infra.transfer.sources.shape_index import join
from gis_infra.transfer.sources.staging import Layout, Part, Parts, Staged, require_room

GEOMETRY = "wkb_geometry"
BLOCK_BYTES = 1 << 23
SYSTEM_NAME = "CRS"  # of a column that names the coordinate system, as an export writes it
SYSTEM = re.compile(r"EPSG:(\d{4,6})")
MOST_NAMED = 5
NO_PLACE = (
    "has no column of coordinates or shapes; name two columns X and Y, LON and LAT, KINH_DO and VI_DO or E and N, "
    "or one WKT"
)


@dataclass
class Seen:
    """What was seen while a table passed.

    misfits: rows with another number of values than there are columns: how many values, and the text of the first.
    """

    rows: int = 0
    faulty: list[int] = field(default_factory=list)
    faulty_count: int = 0
    misfits: list[tuple[int, str]] = field(default_factory=list)
    misfit_count: int = 0
    kinds: set[str] = field(default_factory=set)
    boxes: list[Box] = field(default_factory=list)
    srids: set[int] = field(default_factory=set)

    def refuse_row(self, row: pyarrow.csv.InvalidRow) -> str:
        """Note a row that does not fit, and go on."""
        self.misfit_count += 1
        if len(self.misfits) < MOST_NAMED:
            self.misfits.append((row.actual_columns, row.text[:60]))
        return "skip"

    def add(self, shaped: Shaped) -> None:
        """Take in the shapes of a batch."""
        faulty = np.flatnonzero(shaped.faulty)
        self.faulty += [int(row) + self.rows + 1 for row in faulty[: MOST_NAMED - len(self.faulty)]]
        self.faulty_count += len(faulty)
        self.rows += len(shaped.shapes)
        self.srids |= shaped.srids
        there = shaped.shapes[~shapely.is_missing(shaped.shapes)]
        if len(there):
            heights = np.where(shapely.has_z(there), "3D ", "")
            self.kinds |= {f"{high}{kind.geom_type}" for high, kind in zip(heights, there, strict=True)}
            bounds = [float(number) for number in shapely.total_bounds(there)]
            if np.isfinite(bounds).all():
                self.boxes.append((bounds[0], bounds[1], bounds[2], bounds[3]))


def stage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The table as "data.arrow" in a folder; `bare_geometry` changes nothing.

    Raises InvalidSource if it is no table, does not say where its rows are, or has rows with another number of values
    than columns; OurError without room on disk.
    """
    part = parts.main
    form = find_form(part, folder)
    place = find_place(form.header, form.rows)
    if place is None:
        raise InvalidSource(f"{part.name} {NO_PLACE}; it has {', '.join(form.names)[:300]}", where=part.name)
    require_room(folder, 2 * part.size)
    seen = Seen()
    convert(part, form, place, folder / "data.arrow", seen)
    require_even(part, form, seen)
    fields = tuple(SourceField(name, "str") for name in form.names)
    return Staged(
        path=folder / "data.arrow",
        parts=(part.path,),
        remarks=tell(part, form, place, seen),
        declared=None if form.is_unicode else Declared(None, "the file", is_firm=False),
        has_text=has_high_bytes(form.path, 0),
        count=seen.rows,
        wkt=find_wkt(seen),
        layout=Layout(fields, name_kind(seen.kinds), join(seen.boxes)),
    )


def recognise(parts: Parts) -> str | None:
    """Why a file with the name of a table is none with shapes, None if it is one."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            form = find_form(parts.main, Path(folder))
        except InvalidSource:
            return "is not a table"
    return None if find_place(form.header, form.rows) is not None else NO_PLACE.split(";")[0]


def convert(part: Part, form: Form, place: Place, target: Path, seen: Seen) -> None:
    """Write a table to a file of Arrow batches, its shapes last. Raises InvalidSource if it cannot be read."""
    schema = pa.schema([*((name, pa.string()) for name in form.names), make_geometry_field()])
    with translated(part), pa.ipc.new_file(target, schema) as writer:
        for batch in read(form, seen):
            columns = batch.columns
            shaped = read_place(place, columns)
            if place.shape is not None:
                # What became a shape need not be kept as text too; what did not is shown where the row is refused.
                columns[place.shape] = pc.if_else(pa.array(shaped.faulty), columns[place.shape], None)
                take_system(form, columns, seen)
            seen.add(shaped)
            shapes = pa.array(shapely.to_wkb(shaped.shapes), pa.binary())
            writer.write_batch(pa.record_batch([*columns, shapes], schema=schema))


def take_system(form: Form, columns: list[pa.Array], seen: Seen) -> None:
    """Note the system that a column of that name says the shapes are in, and empty it; anything else in it is kept."""
    if SYSTEM_NAME not in form.names:
        return
    index = form.names.index(SYSTEM_NAME)
    found = [SYSTEM.fullmatch(text) for text in columns[index].unique().to_pylist() if text is not None]
    if all(found):
        seen.srids |= {int(each[1]) for each in found if each is not None}
        columns[index] = pa.nulls(len(columns[index]), pa.string())


def read(form: Form, seen: Seen) -> Iterator[pa.RecordBatch]:
    """The batches of a table, all columns text, empty values null."""
    names = list(form.names)
    with pyarrow.csv.open_csv(
        form.path,
        pyarrow.csv.ReadOptions(
            column_names=names,
            skip_rows=form.lines,
            encoding=form.encoding,
            block_size=BLOCK_BYTES,
            use_threads=False,
        ),
        pyarrow.csv.ParseOptions(
            delimiter=form.separator, newlines_in_values=True, invalid_row_handler=seen.refuse_row
        ),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    ) as reader:
        yield from reader


@contextmanager
def translated(part: Part) -> Iterator[None]:
    """Run a block; what Arrow raises in it comes out as InvalidSource."""
    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:200]
        raise InvalidSource(f"{part.name} cannot be read as a table: {reason}", where=part.name) from error


def require_even(part: Part, form: Form, seen: Seen) -> None:
    """Return if every row had as many values as there are columns. Raises InvalidSource, which shows the first."""
    if not seen.misfit_count:
        return
    shown = "; ".join(f"{count} in {text!r}" for count, text in seen.misfits)
    message = f"{part.name} has {len(form.names)} columns, but {seen.misfit_count:,} rows have another number of values"
    advice = "put values that hold the separator in quotes"
    raise InvalidSource(f"{message}: {shown}; {advice} ({TOLD.get(form.separator, form.separator)})", where=part.name)


def tell(part: Part, form: Form, place: Place, seen: Seen) -> tuple[str, ...]:
    """Where the shapes come from, and how many rows have none."""
    used = (place.shape,) if place.shape is not None else place.coordinates
    named = ", ".join(form.names[index] for index in used)
    separator = TOLD.get(form.separator, form.separator)
    remarks = [f"{part.name}: the shapes are from {named}; the separator is {separator}"]
    if seen.faulty_count:
        rows = ", ".join(map(str, seen.faulty)) + (", …" if seen.faulty_count > len(seen.faulty) else "")
        remarks.append(
            f"{part.name}: rows whose {named} cannot be read, which have no shape: {seen.faulty_count:,} ({rows})"
        )
    if len(seen.srids) > 1:
        remarks.append(f"{part.name}: its shapes name several systems: {', '.join(map(str, sorted(seen.srids)))}")
    return tuple(remarks)


def find_wkt(seen: Seen) -> str:
    """The coordinate system its shapes name, "" if they name none, several, or one nobody knows."""
    if len(seen.srids) != 1:
        return ""
    try:
        return str(get_crs(next(iter(seen.srids))).to_wkt())
    except InvalidCrs:
        return ""


def name_kind(kinds: set[str]) -> str:
    """The kind of shapes as Fiona names it: the only one, or "Unknown"; "Point" if there is no shape."""
    if not kinds:
        return "Point"
    heights = "3D " if any(kind.startswith("3D ") for kind in kinds) else ""
    bare = {kind.removeprefix("3D ") for kind in kinds}
    return heights + (bare.pop() if len(bare) == 1 else "Unknown")


def make_geometry_field() -> pa.Field:
    """The column of shapes, marked as the drivers mark theirs."""
    return pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
