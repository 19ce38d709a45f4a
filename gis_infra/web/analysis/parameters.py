"""The parameters of requests to this room, as values."""

import datetime
from collections.abc import Mapping

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.reading import EQUALS, OPEN, WORST, RegisterQuery, require_statuses
from gis_infra.errors import InvalidParameter
from gis_infra.spatial import boxes
from gis_infra.spatial.crs import WGS84

KNOWN = ("bbox", "rule", "status", "severity", "sector", *EQUALS, "without", "due_before", "sort", "limit", "offset")
DEFAULT_LIMIT = 1000
LONGEST_RULE = 200
LONGEST_NUMBER = 18


def parse_register_query(parameters: Mapping[str, str], actor: Actor, max_page: int) -> RegisterQuery:
    """What a request wants of the register.

    bbox: longitude/latitude. status: comma-separated statuses, "open" (the default: all but resolved) or "all".
    severity: comma-separated. rule: a rule's id, or a pack's for all its rules. kind, street, owner, assignee, and
    layer, its sector and asset_owner of one of the assets: the value wanted. without: comma-separated, what they are
    to have no value of. due_before: a day. sort: "worst" or a column, "-" before it for the reverse. limit: at most
    `max_page`.
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
        severities=split(parameters.get("severity", "")),
        equals={name: parse_value(name, parameters[name]) for name in EQUALS if parameters.get(name)},
        without=split(parameters.get("without", "")),
        due_before=parse_day("due_before", parameters.get("due_before")),
        sort=parameters.get("sort") or WORST,
        offset=parse_whole("offset", parameters.get("offset")) or 0,
        sector=parse_value("sector", parameters["sector"]) if parameters.get("sector") else None,
    )


def split(text: str) -> tuple[str, ...]:
    """The parts of a list joined by commas; empty ones are none."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def parse_value(name: str, text: str) -> str:
    """The value a column shall have. Raises InvalidParameter if it cannot be one."""
    if len(text) > LONGEST_RULE or not text.isprintable():
        raise InvalidParameter(f"{name} has at most {LONGEST_RULE} printable characters, got {text[:50]!r}", where=name)
    return text


def parse_day(name: str, text: str | None) -> datetime.date | None:
    """The day in a parameter, None if it is not given. Raises InvalidParameter."""
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(f"{name} must be a day as 2026-11-23, got {text[:40]!r}", where=name) from None


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
    limit = parse_whole("limit", text)
    return min(DEFAULT_LIMIT if limit is None else limit, max_page)


def parse_whole(name: str, text: str | None) -> int | None:
    """The whole number from 0 in a parameter, None if it is not given. Raises InvalidParameter."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise InvalidParameter(f"{name} must be a whole number from 0, got {text[:50]!r}", where=name)
    return int(text)
