"""The answer to a GetFeature, written as it is read: memory stays the same for ten features and for a million."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from xml.sax.saxutils import quoteattr

import orjson
from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import UnknownFeature
from gis_infra.features import counting, reading
from gis_infra.features.bookmarks import Bookmarks
from gis_infra.features.formats.gml.features import (
    GML_NAMESPACE,
    NAMESPACE,
    PREFIX,
    STANDARD_PREFIX,
    GmlForm,
    render_features,
)
from gis_infra.features.formats.gml.geometry import DEGREE_DECIMALS, METRE_DECIMALS, GmlAxes
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.spatial import crs
from gis_infra.web.wfs.names import WFS, WFS_LOCATION, XSI
from gis_infra.web.wfs.requests.features import FeatureRequest, OutputFormat, TypeQuery
from gis_infra.web.wfs.requests.parameters import Parameters
from gis_infra.web.wfs.requests.versions import Version

BATCH = 1000
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Source:
    """Where features are read from, and the addresses an answer names.

    address: of the service, as the client reaches it. parameters: of the request, for the links to other pages.
    bookmarks: of this process, by which clients that count STARTINDEX themselves reach far pages.
    """

    connection: Connection
    tables: LayerTables
    address: str
    parameters: Parameters
    bookmarks: Bookmarks


@dataclass(frozen=True)
class Part:
    """What one query gives to the page: its number of matches, and the rows of it that are on the page.

    matched: None where counting would make the page wait. has_more: whether rows of it follow the page.
    """

    query: TypeQuery
    matched: int | None
    returned: int
    offset: int
    has_more: bool


@dataclass(frozen=True)
class Plan:
    """A page, before its features are read: what every part gives, and the numbers of the whole."""

    request: FeatureRequest
    parts: tuple[Part, ...]

    @property
    def matched(self) -> int | None:
        """Features that match all the queries together; None if that is not known of one of them."""
        found = [part.matched for part in self.parts]
        return None if None in found else sum(each for each in found if each is not None)

    @property
    def has_more(self) -> bool:
        """Whether features follow this page."""
        return any(part.has_more for part in self.parts)

    @property
    def returned(self) -> int:
        """Features on this page."""
        return sum(part.returned for part in self.parts)


def plan_page(request: FeatureRequest, source: Source) -> Plan:
    """The page of a request: each query is counted, then the page is cut out of all of them in order.

    Raises as `features.counting.count` does.
    """
    if len(request.queries) == 1 and not request.hits:
        return Plan(request, (plan_only_part(request, source),))
    skip, room = request.start, 0 if request.hits else request.limit
    parts = []
    for each in request.queries:
        matched = counting.count(source.connection, source.tables, each.query)
        returned = min(max(matched - skip, 0), room)
        parts.append(Part(each, matched, returned, skip, has_more=skip + returned < matched))
        skip, room = max(skip - matched, 0), room - returned
    return Plan(request, tuple(parts))


def plan_only_part(request: FeatureRequest, source: Source) -> Part:
    """The page of the only query of a request, which need not be counted to the end to know what is on it."""
    query = request.queries[0]
    matched = counting.count_up_to(source.connection, source.tables, query.query)
    if matched is None:
        page = replace(query.query, offset=request.start, limit=request.limit + 1)
        found = counting.count_page(source.connection, source.tables, page, source.bookmarks)
    else:
        found = max(matched - request.start, 0)
    return Part(query, matched, min(found, request.limit), request.start, has_more=found > request.limit)


def write(version: Version, output: OutputFormat, plan: Plan, source: Source) -> Iterator[bytes]:
    """The answer in pieces, in the format asked for and as the version has it."""
    return write_gml(plan, source) if output == "gml" else write_json(plan, source)


def write_gml(plan: Plan, source: Source) -> Iterator[bytes]:
    """The wfs:FeatureCollection in pieces; the first comes after the first features were read.

    Source: OGC 09-025r2 clauses 7.7.4 and 11.3.
    """
    head = render_head(plan, source)
    for part in plan.parts:
        start, end = render_frame(part, plan)
        head += start
        for text in write_members(part, source):
            yield (head + text).encode()
            head = ""
        head += end
    yield (head + "</wfs:FeatureCollection>").encode()


def write_members(part: Part, source: Source) -> Iterator[str]:
    """The wfs:member elements of one query, a batch at a time."""
    form = make_form(part.query)
    for batch in read_batches(part, source, part.query.query):
        members = render_features(batch, form)
        yield "<wfs:member>" + "</wfs:member><wfs:member>".join(members) + "</wfs:member>"


def read_batches(part: Part, source: Source, query: FeatureQuery) -> Iterator[Sequence[Feature]]:
    """The features of one query that are on the page, a batch at a time."""
    if not part.returned:
        return
    page = replace(query, limit=part.returned, offset=part.offset, want_count=False)
    features = reading.stream(source.connection, source.tables, page, source.bookmarks)
    while batch := list(islice(features, BATCH)):
        yield batch


def make_form(query: TypeQuery) -> GmlForm:
    """How the features of a query are written."""
    decimals = DEGREE_DECIMALS if crs.is_geographic(query.query.srid) else METRE_DECIMALS
    axes = GmlAxes(query.srs_name, query.swap_axes, decimals)
    return GmlForm(query.query.layer, axes, query.query.properties, not query.query.skip_geometry)


def render_head(plan: Plan, source: Source) -> str:
    """The start of the collection: numbers, links to the pages before and after, and where the schemas are."""
    layers = list(dict.fromkeys(part.query.query.layer.id for part in plan.parts))
    links = "".join(f" {name}={quoteattr(link)}" for name, link in list_links(plan, source))
    return (
        f"{XML_DECLARATION}<wfs:FeatureCollection {render_bindings(layers, source.address)}"
        f' timeStamp="{make_timestamp()}" numberMatched="{render_count(plan.matched)}"'
        f' numberReturned="{plan.returned}"{links}>'
    )


def render_bindings(layers: Sequence[str], address: str) -> str:
    """The namespaces of an answer and the addresses of their schemas."""
    types = ",".join(f"{PREFIX}:{layer_id}" for layer_id in layers)
    schema = f"{address}?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={types}"
    location = f"{WFS} {WFS_LOCATION}" + (f" {NAMESPACE} {schema}" if layers else "")
    return (
        f'xmlns:wfs="{WFS}" xmlns:gml="{GML_NAMESPACE}" xmlns:{STANDARD_PREFIX}="{GML_NAMESPACE}"'
        f' xmlns:{PREFIX}="{NAMESPACE}" xmlns:xsi="{XSI}"'
        f" xsi:schemaLocation={quoteattr(location)}"
    )


def render_frame(part: Part, plan: Plan) -> tuple[str, str]:
    """What stands around the members of one query: a collection of its own if there are several queries."""
    if not plan.request.nested:
        return "", ""
    start = (
        f'<wfs:member><wfs:FeatureCollection timeStamp="{make_timestamp()}"'
        f' numberMatched="{render_count(part.matched)}" numberReturned="{part.returned}">'
    )
    return start, "</wfs:FeatureCollection></wfs:member>"


def render_count(number: int | None) -> str:
    """A number of matches as WFS writes it. Source: OGC 09-025r2 clause 7.7.4.2."""
    return "unknown" if number is None else str(number)


def list_links(plan: Plan, source: Source) -> Iterator[tuple[str, str]]:
    """The addresses of the pages before and after, by their name in WFS."""
    request = plan.request
    if request.start > 0 and not request.hits:
        size = min(request.limit, request.start)
        yield "previous", make_link(source, max(request.start - request.limit, 0), size)
    if plan.has_more and request.limit > 0:
        yield "next", make_link(source, request.start + plan.returned, request.limit)


def make_link(source: Source, start: int, size: int) -> str:
    """The address of another page of the same request."""
    page = {"STARTINDEX": str(start), "COUNT": str(size), "RESULTTYPE": "results"}
    fixed = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature"}
    return f"{source.address}?{source.parameters.render({**fixed, **page})}"


def make_timestamp() -> str:
    """Now, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_json(plan: Plan, source: Source) -> Iterator[bytes]:
    """A GeoJSON FeatureCollection in pieces, easting first; `crs` names its CRS unless it is longitude/latitude.

    Source: RFC 7946; the member `crs` is that of GeoJSON 2008, which GDAL and QGIS still read.
    """
    head = b'{"type":"FeatureCollection","features":['
    for part in plan.parts:
        query = replace(part.query.query, geometry_form="geojson")
        for batch in read_batches(part, source, query):
            yield head + b",".join(render_json_feature(feature, query) for feature in batch)
            head = b","
    tail = orjson.dumps(make_json_tail(plan, source))
    yield (b"" if head == b"," else head) + b"]," + tail[1:]


def render_json_feature(feature: Feature, query: FeatureQuery) -> bytes:
    """A GeoJSON feature; its id is the same as in GML, because one answer may hold several layers."""
    geometry = orjson.Fragment(feature.geojson) if feature.geojson is not None else None
    return orjson.dumps(
        {
            "type": "Feature",
            "id": f"{query.layer.id}.{feature.id}",
            "geometry": geometry,
            "properties": feature.properties,
        }
    )


def make_json_tail(plan: Plan, source: Source) -> dict[str, object]:
    """What follows the features: numbers, links and the CRS."""
    links = [{"rel": rel, "href": link} for rel, link in list_links(plan, source)]
    tail: dict[str, object] = {
        **({} if plan.matched is None else {"numberMatched": plan.matched}),
        "numberReturned": plan.returned,
        "timeStamp": make_timestamp(),
        "links": [{**link, "type": "application/json"} for link in links],
    }
    srids = {part.query.query.srid for part in plan.parts}
    if len(srids) == 1 and srids != {crs.WGS84}:
        tail["crs"] = {"type": "name", "properties": {"name": crs.to_urn(srids.pop())}}
    return tail


def render_only_feature(request: FeatureRequest, source: Source) -> bytes:
    """The one feature of a request as a document of its own, in no collection.

    Raises UnknownFeature if there is none that the actor may see.
    Source: OGC 09-025r2 clause 7.9.3.6.
    """
    json = request.output == "json"
    for each in request.queries:
        query = replace(each.query, geometry_form="geojson") if json else each.query
        features = list(reading.stream(source.connection, source.tables, replace(query, limit=1)))
        if features:
            return render_json_feature(features[0], query) if json else render_bare_feature(features[0], each, source)
    raise UnknownFeature(f"there is no feature {source.parameters.find('ID')!r}", where="id")


def render_bare_feature(feature: Feature, query: TypeQuery, source: Source) -> bytes:
    """A feature as the root of a document, so with the namespaces on it."""
    text = render_features([feature], make_form(query))[0]
    tag = f"<{PREFIX}:{query.query.layer.id} "
    bindings = render_bindings([query.query.layer.id], source.address)
    return (XML_DECLARATION + text.replace(tag, f"{tag}{bindings} ", 1)).encode()
