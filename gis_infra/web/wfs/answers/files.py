"""Features as files of other kinds, which hold one feature type each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gis_infra.features.formats import registry
from gis_infra.features.formats.frame import Frame
from gis_infra.web.wfs.answers import shapefiles
from gis_infra.web.wfs.answers.plans import Part, Plan, Source
from gis_infra.web.wfs.formats import OutputFormat

WRITERS: Mapping[OutputFormat, Callable[[registry.Source, Frame], Iterator[bytes]]] = {
    "csv": registry.write_csv,
    "flatgeobuf": registry.write_flatgeobuf,
}


def write(plan: Plan, source: Source) -> Iterator[bytes]:
    """The file of the only query of a plan, in pieces.

    Raises as `features.batches.read_batches`, and for a shapefile as `shapefiles.write`.
    """
    part = plan.parts[0]
    if plan.request.output == "shapefile":
        return shapefiles.write(part, source)
    reader = registry.Source(source.connection, source.tables, source.bookmarks)
    return WRITERS[plan.request.output](reader, make_frame(part))


def make_frame(part: Part) -> Frame:
    """What is written. CSV has its WKT in the order of the axes that the request named."""
    query = replace(part.page, swap_axes=part.query.swap_axes)
    return Frame(query, part.query.srs_name)
