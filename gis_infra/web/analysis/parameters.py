"""The parameters of requests to this room, as values."""

from collections.abc import Mapping

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.reading import OPEN, RegisterQuery, require_statuses
from gis_infra.errors import InvalidParameter
from gis_infra.spatial import boxes
from gis_infra.spatial.crs import WGS84

KNOWN = ("bbox", "rule", "status", "limit")
DEFAULT_LIMIT = 1000
LONGEST_RULE = 200


def parse_register_query(parameters: Mapping[str, str], actor: Actor, max_page: int) -> RegisterQuery:
    """What a request wants of the register.

    bbox: longitude/latitude. status: comma-separated statuses, "open" (the default: all but resolved) or "all".
    rule: a rule's id, or a pack's for all its rules. limit: at most `max_page`.
    Raises InvalidParameter, InvalidBbox.
    """
    for name in parameters:
        if name not in KNOWN:
            raise InvalidParameter(f"unknown parameter {name!r}; known are {', '.join(KNOWN)}", where=name)
    bbox = parameters.get("bbox")
    return RegisterQuery(
        actor=actor,
        bbox=boxes.parse(bbox, WGS84) if bbox else None,
        rule=parse_rule(parameters.get("rule")),
        statuses=parse_statuses(parameters.get("status", "")),
        limit=parse_limit(parameters.get("limit"), max_page),
    )


def parse_rule(text: str | None) -> str | None:
    """The id of a rule or pack, None if it is not given. Raises InvalidParameter if it cannot be one."""
    if not text:
        return None
    if len(text) > LONGEST_RULE or not text.isprintable():
        raise InvalidParameter(f"rule must be a rule's id, got {text[:50]!r}", where="rule")
    return text


def parse_statuses(text: str) -> tuple[str, ...]:
    """The statuses wanted; none is all. Raises InvalidParameter."""
    if text in ("", "open"):
        return OPEN
    if text == "all":
        return ()
    statuses = tuple(part.strip() for part in text.split(","))
    require_statuses(statuses)
    return statuses


def parse_limit(text: str | None, max_page: int) -> int:
    """Most conflicts in the answer, from 0; what is above `max_page` is cut to it. Raises InvalidParameter."""
    if not text:
        return min(DEFAULT_LIMIT, max_page)
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidParameter(f"limit must be a whole number from 0, got {text[:50]!r}", where="limit")
    return min(int(text), max_page)
