"""What is said of works besides their shape: how deep, by which method, when, by whom."""

import datetime
import math
from collections.abc import Mapping
from typing import Any, Literal, cast

from gis_infra.errors import InvalidParameter

Method = Literal["open_cut", "trenchless"]
Datum = Literal["hon_dau", "ha_tien"]

METHODS: tuple[Method, ...] = ("open_cut", "trenchless")
DATUMS: tuple[Datum, ...] = ("hon_dau", "ha_tien")
DEEPEST_M = 200.0
WIDEST_BUFFER_M = 500.0
WIDEST_BORE_M = 20.0
LOWEST_M, HIGHEST_M = -500.0, 4000.0
LEVELS = ("bottom_level_m", "ground_level_m")
LONGEST_TEXT = 200


def parse_depths(properties: Mapping[str, Any]) -> dict[str, Any]:
    """How deep works go, how, and against which levels. Raises InvalidParameter, also where these contradict."""
    depth_m = parse_number(properties, "depth_m", 0.0, DEEPEST_M)
    bottom_m, ground_m = (parse_number(properties, name, LOWEST_M, HIGHEST_M) for name in LEVELS)
    if bottom_m is not None and ground_m is not None:
        require_depth(depth_m, ground_m - bottom_m)
    return {
        "depth_m": depth_m,
        "method": parse_choice(properties, "method", METHODS) or "open_cut",
        "bore_m": parse_number(properties, "bore_m", 0.0, WIDEST_BORE_M),
        "bottom_level_m": bottom_m,
        "ground_level_m": ground_m,
        "vertical_datum": parse_choice(properties, "vertical_datum", DATUMS),
    }


def require_depth(depth_m: float | None, between_m: float) -> None:
    """Return if the depth is what lies between ground and bottom, or not said. Raises InvalidParameter."""
    if between_m < 0:
        raise InvalidParameter(f"bottom_level_m is {-between_m:g} m above ground_level_m", where="bottom_level_m")
    if depth_m is not None and abs(depth_m - between_m) > 0.005:
        message = f"depth_m is {depth_m:g} m, and ground_level_m less bottom_level_m {between_m:g} m"
        raise InvalidParameter(message, where="depth_m")


def parse_number(properties: Mapping[str, Any], name: str, least: float, largest: float) -> float | None:
    """A number of metres between the two; None if it is not given. Raises InvalidParameter."""
    value = properties.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidParameter(f"{name} must be a number of metres, got {value!r:.80}", where=name)
    if not least <= value <= largest:
        raise InvalidParameter(f"{name} must be from {least:g} to {largest:g} m, got {value:g}", where=name)
    return float(value)


def parse_choice(properties: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str | None:
    """One of the choices; None if it is not given. Raises InvalidParameter."""
    value = properties.get(name)
    if value is None or value == "":
        return None
    if value not in choices:
        raise InvalidParameter(f"{name} must be one of {', '.join(choices)}, got {value!r:.80}", where=name)
    return cast(str, value)


def parse_text(properties: Mapping[str, Any], name: str) -> str | None:
    """A line of text, None if it is not given; cut where it is long, since others may have written it for others."""
    value = properties.get(name)
    if not isinstance(value, str):
        return None
    return " ".join("".join(each if each.isprintable() else " " for each in value).split())[:LONGEST_TEXT] or None


def parse_window(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The first and the last day. Raises InvalidParameter."""
    days = {name: parse_day(properties.get(name), name) for name in ("starts_on", "ends_on")}
    starts_on, ends_on = days["starts_on"], days["ends_on"]
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise InvalidParameter(f"ends_on {ends_on} is before starts_on {starts_on}", where="ends_on")
    return days


def parse_day(value: object, name: str) -> datetime.date | None:
    """A day like 2026-12-01, None if it is not given. Raises InvalidParameter."""
    if value is None or value == "":
        return None
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise InvalidParameter(f"{name} must be a day like 2026-12-01, got {value!r:.80}", where=name) from None
