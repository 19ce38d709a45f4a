"""The page of a request before its features are read: how many each query gives to it, and the numbers of the whole."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pyarrow as pa
from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features import counting, sent_pages
from gis_infra.features.batches import FIRST_ROWS, read_page_batches
from gis_infra.features.bookmarks import Bookmarks
from gis_infra.features.query import FeatureQuery, GeometryForm
from gis_infra.features.sent_pages import SentRows
from gis_infra.transfer.exporting.request import Limits
from gis_infra.web.wfs.formats import is_gml
from gis_infra.web.wfs.requests.features import FeatureRequest
from gis_infra.web.wfs.requests.parameters import Parameters
from gis_infra.web.wfs.requests.queries import TypeQuery
from gis_infra.web.wfs.requests.versions import Version

SHORT = FIRST_ROWS


@dataclass(frozen=True)
class Source:
    """Where features are read from, and the addresses an answer names.

    address: of the service, as the client reaches it. parameters, version: of the request, for the links to other
    pages. bookmarks: of this process, by which clients that count STARTINDEX themselves reach far pages.
    folder, file_limits: where files are made that are sent when they are whole, and what they may take.
    """

    connection: Connection
    tables: LayerTables
    address: str
    parameters: Parameters
    bookmarks: Bookmarks
    version: Version
    folder: Path
    file_limits: Limits


@dataclass(frozen=True)
class Part:
    """What one query gives to the page: its number of matches, and the rows of it that are on the page.

    matched: None where counting would make the page wait. has_more: whether rows of it follow the page.
    rows: the features themselves, where they were read to know their number.
    """

    query: TypeQuery
    matched: int | None
    returned: int
    offset: int
    has_more: bool
    rows: SentRows | None = None

    @property
    def page(self) -> FeatureQuery:
        """The query of just the rows on the page."""
        return replace(self.query.query, limit=self.returned, offset=self.offset, want_count=False)


@dataclass(frozen=True)
class Plan:
    """A page, before its features are read: what every part gives, and the numbers of the whole.

    lock_id: of the lock that holds its features, "" if none was asked for.
    """

    request: FeatureRequest
    parts: tuple[Part, ...]
    lock_id: str = ""

    @property
    def nested(self) -> bool:
        """Whether the features of each query stand in a collection of their own, which only WFS 2.0.0 has."""
        return self.request.nested and self.request.output == "gml32"

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
    if request.limit <= SHORT and is_gml(request.output):
        return read_only_part(request, source)
    query = request.queries[0]
    matched = counting.count_up_to(source.connection, source.tables, query.query)
    if matched is None:
        page = replace(query.query, offset=request.start, limit=request.limit + 1)
        found = counting.count_page(source.connection, source.tables, page, source.bookmarks)
    else:
        found = max(matched - request.start, 0)
    return Part(query, matched, min(found, request.limit), request.start, has_more=found > request.limit)


def read_only_part(request: FeatureRequest, source: Source) -> Part:
    """The same of a short page, which is read at once, with the number of matches where both are found together."""
    query = request.queries[0]
    asked = replace(query.query, offset=request.start, limit=request.limit, geometry_form=get_form(request))
    counted = sent_pages.read_counted(source.connection, source.tables, asked)
    if counted is None:
        return read_then_count(request, source)
    rows, matched = counted
    shown = SentRows.of(rows[: request.limit])
    return Part(query, matched, len(shown), request.start, len(shown) < matched, shown)


def read_then_count(request: FeatureRequest, source: Source) -> Part:
    """The same, where the page is read first: often it tells the number of matches, and it is counted last."""
    query = request.queries[0]
    one_more = replace(query.query, offset=request.start, limit=request.limit + 1, want_count=False)
    asked = replace(one_more, geometry_form=get_form(request))
    rows = sent_pages.read(source.connection, source.tables, asked, source.bookmarks)
    shown, has_more = SentRows.of(rows[: request.limit]), len(rows) > request.limit
    matched = counting.infer_count(asked, len(shown), has_more)
    if matched is None:
        matched = counting.count_up_to(source.connection, source.tables, query.query, is_last=True)
    return Part(query, matched, len(shown), request.start, has_more, shown)


def get_form(request: FeatureRequest) -> GeometryForm:
    """The form in which features are read for an answer in GML, of which the versions have the names of its formats."""
    return cast(GeometryForm, request.output)


def read_batches(part: Part, source: Source) -> Generator[pa.RecordBatch, None, None]:
    """The features of one query that are on the page. Close it before another is read: the connection is busy with it.

    Raises as `features.batches.read_batches`.
    """
    if part.returned:
        yield from read_page_batches(source.connection, source.tables, part.page, source.bookmarks, as_text=True)
