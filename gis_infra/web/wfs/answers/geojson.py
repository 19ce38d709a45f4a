"""Features as GeoJSON, easting first; a member `crs` names the CRS unless it is longitude/latitude.

Source: RFC 7946; the member `crs` is that of GeoJSON 2008, which GDAL and QGIS still read.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import orjson

from gis_infra.features import reading
from gis_infra.features.formats.geojson_text import join_documents
from gis_infra.spatial import crs
from gis_infra.web.wfs.answers.links import list_links, make_timestamp
from gis_infra.web.wfs.answers.plans import Part, Plan, Source

TYPE = "application/json"
BEFORE_ID = b'{"type":"Feature","id":'
AFTER_ID = b',"geometry":'


def write(plan: Plan, source: Source) -> Iterator[bytes]:
    """A FeatureCollection in pieces. Raises as `features.reading.stream`."""
    head = b'{"type":"FeatureCollection","features":['
    for part in plan.parts:
        with closing(read_documents(part, source)) as batches:
            for batch in batches:
                yield head + join_documents([name_feature(each, part.query.query.layer.id) for each in batch])
                head = b","
    tail = orjson.dumps(make_tail(plan, source))
    yield (b"" if head == b"," else head) + b"]," + tail[1:]


def read_documents(part: Part, source: Source) -> Generator[Sequence[bytes], None, None]:
    """The features of one query that are on the page, as the database writes them."""
    if part.returned:
        query = replace(part.page, geometry_form="document")
        yield from reading.stream_documents(source.connection, source.tables, query, source.bookmarks)


def name_feature(document: bytes, layer_id: str) -> bytes:
    """The same feature with the id it has in GML: one answer may hold features of several layers."""
    number, after, rest = document[len(BEFORE_ID) :].partition(AFTER_ID)
    return b'%s"%s.%s"%s%s' % (BEFORE_ID, layer_id.encode(), number, after, rest)


def make_tail(plan: Plan, source: Source) -> dict[str, Any]:
    """What follows the features: numbers, links and the CRS."""
    tail: dict[str, Any] = {
        **({} if plan.matched is None else {"numberMatched": plan.matched}),
        "numberReturned": plan.returned,
        "timeStamp": make_timestamp(),
        "links": [{"rel": rel, "href": link, "type": TYPE} for rel, link in list_links(plan, source)],
    }
    srids = {part.query.query.srid for part in plan.parts}
    if len(srids) == 1 and srids != {crs.WGS84}:
        tail["crs"] = {"type": "name", "properties": {"name": crs.to_urn(srids.pop())}}
    return tail
