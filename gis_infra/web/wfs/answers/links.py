"""The addresses of the pages before and after an answer, and the moment it is of."""

from collections.abc import Iterator
from datetime import UTC, datetime

from gis_infra.web.wfs.answers.plans import Plan, Source


def list_links(plan: Plan, source: Source) -> Iterator[tuple[str, str]]:
    """The addresses of the pages before and after, by their name in WFS.

    Source: OGC 09-025r2 clause 7.7.4.4.
    """
    request = plan.request
    if request.start > 0 and not request.hits:
        size = min(request.limit, request.start)
        yield "previous", make_link(source, max(request.start - request.limit, 0), size)
    if plan.has_more and request.limit > 0:
        yield "next", make_link(source, request.start + plan.returned, request.limit)


def make_link(source: Source, start: int, size: int) -> str:
    """The address of another page of the same request."""
    page = {"STARTINDEX": str(start), "COUNT": str(size), "RESULTTYPE": "results"}
    fixed = {"SERVICE": "WFS", "VERSION": source.version}
    return f"{source.address}?{source.parameters.render({**fixed, **page})}"


def make_timestamp() -> str:
    """Now, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
