"""The answer to a join: a wfs:Tuple for each combination, one feature of every type in it.

A feature that stands in several tuples is whole in each: QGIS and GDAL follow no reference to it and would show it
without a value. Ids stay unique in a document: the first has its own, the second that with "-2" behind it, and so on.
Memory holds the ids of one page, and one batch of features.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from gis_infra.features import joins
from gis_infra.features.batches import ID, read_page_batches
from gis_infra.features.formats.gml.features import render_features
from gis_infra.web.wfs.answers.collections import DECLARATION, END, FORMS, make_form, render_bindings, render_numbers
from gis_infra.web.wfs.answers.plans import Part, Plan, Source
from gis_infra.web.wfs.requests.features import FeatureRequest
from gis_infra.web.wfs.requests.joins import JoinQuery
from gis_infra.web.wfs.requests.queries import TypeQuery

BATCH = 500
END_OF_FEATURE = "\x00"  # stands in no XML


@dataclass(frozen=True)
class JoinPage:
    """The combinations on a page, by the ids of their features, and the numbers of the whole."""

    rows: Sequence[tuple[int, ...]]
    plan: Plan


def write(join: JoinQuery, request: FeatureRequest, source: Source) -> Iterator[bytes]:
    """The collection in pieces. Raises as `features.joins.read_ids`. Source: OGC 09-025r2 clause 11.3.3.6."""
    page = read_page(join, request, source)
    text, written = render_start(join, page, source), Counter[str]()
    for start in range(0, len(page.rows), BATCH):
        rows = page.rows[start : start + BATCH]
        found = [read_features(side, [row[at] for row in rows], source) for at, side in enumerate(join.sides)]
        for row in rows:
            members = zip(join.sides, found, row, strict=True)
            text += "".join(render_member(side, number, texts, written) for side, texts, number in members).join(
                ("<wfs:member><wfs:Tuple>", "</wfs:Tuple></wfs:member>")
            )
        yield text.encode()
        text = ""
    yield (text + END).encode()


def read_page(join: JoinQuery, request: FeatureRequest, source: Source) -> JoinPage:
    """The page of a join; of hits its number alone."""
    asked = replace(join.join, limit=request.limit, offset=request.start)
    if request.hits:
        matched = joins.count(source.connection, source.tables, asked)
        return make_page(join, request, (), matched, has_more=request.start < matched)
    rows = joins.read_ids(source.connection, source.tables, asked)
    has_more = len(rows) > request.limit
    told = not has_more and (rows or not request.start)
    known = request.start + len(rows) if told else joins.count_up_to(source.connection, source.tables, asked)
    return make_page(join, request, rows[: request.limit], known, has_more=has_more)


def make_page(
    join: JoinQuery, request: FeatureRequest, rows: Sequence[tuple[int, ...]], matched: int | None, *, has_more: bool
) -> JoinPage:
    """The page of these rows; its numbers are told as those of a page of one type are."""
    part = Part(join.sides[0], matched, len(rows), request.start, has_more)
    return JoinPage(rows, Plan(request, (part,)))


def render_start(join: JoinQuery, page: JoinPage, source: Source) -> str:
    """The start of the collection: its numbers and links, and where the schemas are."""
    layers = list(dict.fromkeys(side.query.layer.id for side in join.sides))
    bindings = render_bindings(layers, source.address, FORMS["gml32"])
    numbers = render_numbers(page.plan, source, FORMS["gml32"])
    return f"{DECLARATION}<wfs:FeatureCollection {bindings}{numbers}>"


def read_features(side: TypeQuery, ids: Sequence[int], source: Source) -> Mapping[int, str]:
    """The features of one type by their ids, as GML."""
    wanted = tuple(dict.fromkeys(ids))
    query = replace(side.query, filter=None, bbox=None, ids=wanted, limit=len(wanted), offset=0, sort=())
    form, texts = make_form(side, FORMS["gml32"].dialect), dict[int, str]()
    with closing(read_page_batches(source.connection, source.tables, query)) as batches:
        for batch in batches:
            parts = render_features(batch, form, ("", END_OF_FEATURE)).decode().split(END_OF_FEATURE)
            texts.update(zip(batch.column(ID).to_pylist(), parts, strict=False))
    return texts


def render_member(side: TypeQuery, number: int, texts: Mapping[int, str], written: Counter[str]) -> str:
    """One feature of a tuple. written: how often each was written so far, which is added to."""
    name = f"{side.query.layer.id}.{number}"
    written[name] += 1
    text = texts[number] if written[name] == 1 else renumber(texts[number], name, written[name])
    return f"<wfs:member>{text}</wfs:member>"


def renumber(text: str, name: str, times: int) -> str:
    """A feature that was written before, with ids that stand nowhere else. times: how often with this."""
    # Values cannot be taken for an id: in them every "<" is escaped.
    return re.sub(rf'(<[\w:]+ gml:id="{re.escape(name)})(?=[".])', rf"\g<1>-{times}", text)
