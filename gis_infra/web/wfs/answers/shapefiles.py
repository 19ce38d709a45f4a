"""The features of a page as a shapefile in a zip, which is made whole on the disk before its first byte is sent."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from gis_infra.errors import InvalidParameter
from gis_infra.features.batches import ID, read_page_batches
from gis_infra.features.query import FeatureQuery
from gis_infra.transfer.exporting.exporting import export_file
from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.transfer.exporting.request import ExportRequest
from gis_infra.web.downloads import read_out, scratch_folder
from gis_infra.web.places import place
from gis_infra.web.wfs.answers.plans import Part, Source


def write(part: Part, source: Source) -> Iterator[bytes]:
    """The file in pieces.

    Raises InvalidParameter for what a shapefile cannot hold; BusyError while as many files as may be are being made.
    """
    query = choose_rows(part, source)
    with place("export", "made"), scratch_folder(source.folder) as folder:
        path = folder / f"{query.layer.id}.zip"
        request = ExportRequest(query, path, FORMATS["shp"])
        try:
            export_file(source.connection.engine, source.tables, request, source.file_limits)
        except InvalidParameter as error:
            raise InvalidParameter(error.message, where="outputFormat") from None
        body = read_out(path.open("rb"))
        next(body)
    yield from body


def choose_rows(part: Part, source: Source) -> FeatureQuery:
    """The query of just the rows on the page, by their ids: what surveys a file first looks at all that matches."""
    bare = replace(part.page, properties=(), skip_geometry=True)
    ids: list[int] = []
    with closing(read_page_batches(source.connection, source.tables, bare, source.bookmarks)) as batches:
        for batch in batches if part.returned else ():
            ids += batch.column(ID).to_pylist()
    return replace(part.page, ids=tuple(ids), filter=None, bbox=None, offset=0, limit=len(ids))
