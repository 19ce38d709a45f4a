"""Reading the parameters of the map's own requests: text in, value or refusal out."""

import math
from collections.abc import Mapping

from gis_infra.errors import InvalidParameter


def parse_number(
    arguments: Mapping[str, str], name: str, low: float, high: float, default: float | None = None
) -> float:
    """The number in parameter `name`, from low to high; `default` when it is absent.

    Raises InvalidParameter, which names the parameter, for anything else, and when it is absent without a default.
    """
    text = arguments.get(name)
    if text is None:
        if default is None:
            raise InvalidParameter(f"{name} is missing; give a number from {low:g} to {high:g}", where=name)
        return default
    try:
        number = float(text)
    except ValueError:
        raise InvalidParameter(f"{name} must be a number, got {text[:40]!r}", where=name) from None
    if not (math.isfinite(number) and low <= number <= high):
        raise InvalidParameter(f"{name} must be from {low:g} to {high:g}, got {text[:40]}", where=name)
    return number
