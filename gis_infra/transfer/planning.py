"""Everything decided about a file before a row of it is read: layer, coordinate system, encoding, where columns go.

`describe_text` and `read_names` also serve `inspect`, which shows what an import would do and why.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as make_field
from datetime import date
from itertools import chain

import pyarrow as pa

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter, InvalidSource
from gis_infra.features.shapes.preparing import Frame
from gis_infra.spatial.crs import WGS84, get_transformer
from gis_infra.transfer.coordinates.certainty import accept, get_certain_srid, require_in_city
from gis_infra.transfer.coordinates.finding import find_crs
from gis_infra.transfer.coordinates.systems import Box, City, CrsGuess
from gis_infra.transfer.mapping.columns import Mapped, map_columns
from gis_infra.transfer.mapping.surveying import survey
from gis_infra.transfer.reporting.rejected import restore_names
from gis_infra.transfer.request import ImportRequest, Reading
from gis_infra.transfer.sources.batches import read_text_columns
from gis_infra.transfer.sources.source import Source, open_source
from gis_infra.transfer.text.certainty import require_certain_text
from gis_infra.transfer.text.evidence import gather_by_column
from gis_infra.transfer.text.guessing import TextGuess
from gis_infra.transfer.text.layers import NAMES, decide_layer, parse_asked
from gis_infra.transfer.text.reading import read_name


@dataclass(frozen=True)
class ImportPlan:
    """How a file goes into a layer. The source is open for as long as the block of `open_plan` runs.

    srid: EPSG code the file is in. text: None for a format that is Unicode by itself. names: the driver's name of each
    column -> its name as people read it, by which `mapped` calls it. strict: warnings reject like errors. today: the
    day by which what must not lie in the future is judged.
    """

    source: Source
    layer: Layer
    srid: int
    crs: CrsGuess
    text: TextGuess | None
    names: Mapping[str, str]
    mapped: Mapped
    owner: str | None
    frame: Frame
    city_srid: int
    strict: bool = False
    today: date = make_field(default_factory=date.today)


@contextmanager
def open_plan(request: ImportRequest) -> Iterator[ImportPlan]:
    """Run a block with the plan for an import, its source open.

    Raises what `make_plan` does, and InvalidSource or InvalidParameter if the file or its layer cannot be opened.
    """
    with open_source(request.path, request.source_layer, bare_geometry=request.reading.bare_geometry) as source:
        yield make_plan(request, source)


def make_plan(request: ImportRequest, source: Source) -> ImportPlan:
    """The plan for an import of an open source.

    Raises InvalidSource if the file cannot be read or is empty, InvalidCrs, InvalidParameter or UnknownProperty for
    what was asked wrongly, and for what has to be asked because the file leaves it open.
    """
    if source.count == 0:
        raise InvalidSource(f"{source.name} has no features", where=source.name)
    reading = request.reading
    crs = find_crs(reading.crs, source.wkt, source.bounds, request.city, reading.swap_xy)
    crs = accept(crs) if reading.accept_guess else crs
    srid = get_certain_srid(crs, source.name)
    require_in_city(crs, source.name, accept_outside=request.accept_outside)
    text = describe_text(source, reading)
    require_certain_text(text, source.name)
    names = read_names(source, text)
    mapped = survey(source, names, text, map_columns(request.layer, tuple(names.values()), request.reading))
    require_no_doubt(mapped, request)
    frame = make_frame(request, srid, swap_xy=crs.swap_xy)
    city_srid, owner, strict = request.city.srid, request.owner, request.strict
    return ImportPlan(source, request.layer, srid, crs, text, names, mapped, owner, frame, city_srid, strict)


def require_no_doubt(mapped: Mapped, request: ImportRequest) -> None:
    """Return if no column is doubtful as a whole, or warnings let pass. Raises InvalidParameter with all doubts."""
    if request.strict and mapped.warnings:
        raise InvalidParameter("; ".join(mapped.warnings), where="strict")


def describe_text(source: Source, reading: Reading | None = None) -> TextGuess | None:
    """The encoding of the file's text, with samples; None for a format that is Unicode by itself.

    reading: what the caller says of the file, which is taken. Raises InvalidParameter for an encoding nobody knows and
    a column there is not.
    """
    said = reading if reading is not None else Reading()
    columns = tuple(field.name for field in source.fields)
    asked = parse_asked(
        said.encoding, said.encodings, columns, is_surface=source.is_surface, remembered=said.remembered
    )
    seen = chain(read_text_columns(source) if source.has_text else (), [(NAMES, pa.array(columns, pa.string()))])
    evidence = gather_by_column(seen, is_surface=source.is_surface)
    return decide_layer(evidence, source.declared, asked, is_surface=source.is_surface)


def read_names(source: Source, text: TextGuess | None) -> dict[str, str]:
    """The driver's name of each column -> its name by the layer's encoding, or as it is if that cannot read it.

    What an earlier import added to rows it rejected is left out.
    """
    names: dict[str, str] = {}
    for field in source.fields:
        name = read_name(field.name, text.get(NAMES) if text is not None else None)
        names[field.name] = name if name not in names.values() else field.name
    restored = restore_names(names.values())
    return {theirs: restored[name] for theirs, name in names.items() if name in restored}


def make_frame(request: ImportRequest, srid: int, *, swap_xy: bool) -> Frame:
    """What shapes of a file in EPSG:`srid` must become. swap_xy: the file has the northing first."""
    city = request.city
    transformer = get_transformer(srid, city.srid) if srid != city.srid else None
    extent = None if request.accept_outside else project_extent(city)
    return Frame(request.layer.geometry, city.srid, transformer, extent, swap_xy)


def project_extent(city: City) -> Box:
    """The city's extent as a box in its metric CRS, which holds all of it."""
    box: Box = get_transformer(WGS84, city.srid).transform_bounds(*city.extent)
    return box
