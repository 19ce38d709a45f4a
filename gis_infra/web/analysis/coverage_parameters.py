"""The parameters of requests on coverage, as values."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.errors import InvalidParameter, MissingError
from gis_infra.spatial import boxes
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import WGS84
from gis_infra.web.analysis.parameters import parse_whole

DEFAULT_PLACES = 1000
MOST_PLACES = 10_000
DEFAULT_RUNS, MOST_RUNS = 100, 1000
LARGEST_ID = 2**63 - 1
SERVED = {"yes": True, "no": False}


@dataclass(frozen=True)
class PlacesQuery:
    """Which places of a run are wanted. bbox: longitude/latitude; served: None for all, else whether served whole."""

    bbox: Bbox | None
    limit: int
    served: bool | None


def parse_places_query(parameters: Mapping[str, str]) -> PlacesQuery:
    """What a request wants of the places of a run: bbox, limit, and served, yes or no.

    Raises InvalidParameter, InvalidBbox.
    """
    require_known(parameters, ("bbox", "limit", "served"))
    bbox, served = parameters.get("bbox"), parameters.get("served")
    if served and served not in SERVED:
        raise InvalidParameter(f"served must be yes or no, got {served[:50]!r}", where="served")
    limit = parse_whole("limit", parameters.get("limit"))
    return PlacesQuery(
        bbox=boxes.parse(bbox, WGS84) if bbox else None,
        limit=max(1, min(DEFAULT_PLACES if limit is None else limit, MOST_PLACES)),
        served=SERVED[served] if served else None,
    )


def parse_comparison(parameters: Mapping[str, str]) -> tuple[int, int]:
    """The runs to be compared: `before` and `after`. Raises InvalidParameter."""
    require_known(parameters, ("before", "after"))
    before, after = (parse_run(name, parameters.get(name)) for name in ("before", "after"))
    return before, after


def parse_run(name: str, text: str | None) -> int:
    """The id of a run in a parameter. Raises InvalidParameter."""
    found = parse_whole(name, text)
    if found is None or not 0 < found <= LARGEST_ID:
        raise InvalidParameter(f"{name} must be the id of a run", where=name)
    return found


def parse_limit(parameters: Mapping[str, str]) -> int:
    """How many runs a request wants at most, the only parameter there is. Raises InvalidParameter."""
    require_known(parameters, ("limit",))
    limit = parse_whole("limit", parameters.get("limit"))
    return max(1, min(DEFAULT_RUNS if limit is None else limit, MOST_RUNS))


def require_id(run_id: int) -> None:
    """Return if there can be a run of that number. Raises MissingError."""
    if not 0 < run_id <= LARGEST_ID:
        raise MissingError("there is no coverage run of that number", where="id")


def require_known(parameters: Mapping[str, str], known: tuple[str, ...]) -> None:
    """Return if every parameter is one of those known. Raises InvalidParameter."""
    for name in parameters:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise InvalidParameter(f"unknown parameter {name[:50]!r}; known are {listed}", where=name[:50])
