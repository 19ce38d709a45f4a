"""The formats features are given out in, under the names they are asked for by; each is written as it is read.

Memory is that of one batch, for ten features as for a million. HTML is no format of this table: pages are the web's.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy import Connection, exists, func, select

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features import reading
from gis_infra.features.batches import read_batches, read_page_batches
from gis_infra.features.bookmarks import Bookmarks
from gis_infra.features.formats import delimited, flatgeobuf, geojson, json_fg
from gis_infra.features.formats.frame import Frame
from gis_infra.features.formats.gml import document
from gis_infra.features.query import Feature, FeatureQuery, GeometryForm
from gis_infra.features.selection import get_source, list_fields, select_place

Pieces = Generator[bytes, None, None]


@dataclass(frozen=True)
class Source:
    """Where features are read from; as the parameters of `reading.stream`."""

    connection: Connection
    tables: LayerTables
    bookmarks: Bookmarks | None = None

    @property
    def parts(self) -> tuple[Connection, LayerTables]:
        """The first two parameters of every reader."""
        return self.connection, self.tables


@dataclass(frozen=True)
class Format:
    """One format.

    mimetype: of the answer. accepts: the media types it is asked for by, without parameters.
    holds_links: whether the document itself can say where its neighbours are. write: a page in pieces.
    render_one: a single feature, read whole with geometry form `form`; None where that is a page of one.
    """

    name: str
    title: str
    mimetype: str
    accepts: tuple[str, ...]
    holds_links: bool
    write: Callable[[Source, Frame], Pieces]
    form: GeometryForm = "geojson"
    render_one: Callable[[Feature, Frame], bytes] | None = None


def write_geojson(source: Source, frame: Frame) -> Pieces:
    """A page as GeoJSON, which the database writes. Raises as `reading.stream`."""
    query = replace(frame.query, geometry_form="document")
    documents = reading.stream_documents(source.connection, source.tables, query, source.bookmarks)
    return geojson.write(documents, frame)


def write_json_fg(source: Source, frame: Frame) -> Pieces:
    """A page as JSON-FG. Raises as `reading.stream`."""
    query = replace(json_fg.widen(frame.query), geometry_form="geojson")
    return json_fg.write(read_features(source, query), frame)


def write_gml(source: Source, frame: Frame) -> Pieces:
    """A page as GML. Raises as `batches.read_batches`."""
    query = replace(frame.query, geometry_form="wkb")
    with closing(read_page_batches(*source.parts, query, source.bookmarks, as_text=True)) as batches:
        yield from document.write(batches, frame)


def write_csv(source: Source, frame: Frame) -> Pieces:
    """A page as CSV. Raises as `batches.read_batches`."""
    query = replace(frame.query, geometry_form="wkb")
    with closing(read_batches(source.connection, source.tables, query)) as batches:
        yield from delimited.write(batches, frame)


def write_flatgeobuf(source: Source, frame: Frame) -> Pieces:
    """A page as FlatGeobuf. Raises as `batches.read_batches`."""
    query = replace(frame.query, geometry_form="wkb")
    has_heights = not query.skip_geometry and find_heights(source, query)
    with closing(read_batches(source.connection, source.tables, query)) as batches:
        yield from flatgeobuf.write(batches, frame, has_heights=has_heights)


def read_features(source: Source, query: FeatureQuery) -> Iterator[Sequence[Feature]]:
    """The features of the page, some at a time."""
    for rows in reading.stream_rows(source.connection, source.tables, query, source.bookmarks):
        yield tuple(reading.to_features(query, rows))


def find_heights(source: Source, query: FeatureQuery) -> bool:
    """Whether any shape that matches has heights."""
    table = get_source(source.tables, query)
    high = select_place(source.tables, query, table).where(func.st_ndims(table.c.geom) > 2)
    return bool(source.connection.execute(select(exists(high))).scalar_one())


def render_geojson(feature: Feature, frame: Frame) -> bytes:
    """One feature as GeoJSON, with the attributes that are wanted."""
    if frame.query.properties is not None:
        names = [each.name for each in list_fields(frame.query)]
        feature = replace(feature, properties={name: feature.properties[name] for name in names})
    return geojson.render_feature(feature, frame.members)


GEOJSON = Format(
    "json",
    "GeoJSON",
    "application/geo+json",
    ("application/geo+json", "application/json", "application/vnd.geo+json"),
    holds_links=True,
    write=write_geojson,
    render_one=render_geojson,
)
# In the order in which they are offered to a client that takes several equally gladly.
FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        GEOJSON,
        Format(
            "jsonfg",
            "JSON-FG",
            "application/vnd.ogc.fg+json",
            ("application/vnd.ogc.fg+json", "application/fg+json"),
            holds_links=True,
            write=write_json_fg,
            render_one=json_fg.write_one,
        ),
        Format(
            "gml",
            "GML 3.2",
            'application/gml+xml; version=3.2; profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf0"',
            ("application/gml+xml", "application/xml", "text/xml"),
            holds_links=False,
            write=write_gml,
            form="wkb",
            render_one=document.write_one,
        ),
        Format(
            "fgb",
            "FlatGeobuf",
            "application/flatgeobuf",
            ("application/flatgeobuf", "application/vnd.flatgeobuf"),
            holds_links=False,
            write=write_flatgeobuf,
        ),
        Format(
            "csv",
            "CSV",
            "text/csv; charset=utf-8; header=present",
            ("text/csv",),
            holds_links=False,
            write=write_csv,
        ),
    )
}
