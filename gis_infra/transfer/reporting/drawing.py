"""The little map of a report: places of accepted and rejected rows scaled into a frame, with a bar for the scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gis_infra.transfer.reporting.report import ImportReport
from gis_infra.transfer.reporting.sketch import Place

WIDTH, HEIGHT, MARGIN = 480.0, 300.0, 14.0  # units of the drawing
LEAST_SPAN_M = 20.0  # so that a single point has surroundings
BAR_SHARE = 0.3  # of the width that the bar takes at most


@dataclass(frozen=True)
class Drawing:
    """Places in units of the drawing, y down. bar, bar_label: length of the scale bar, and what it stands for."""

    width: float
    height: float
    accepted: tuple[Place, ...]
    rejected: tuple[Place, ...]
    bar: float
    bar_label: str
    has_more: bool  # some rejected rows lie beyond the frame, and are marked at its edge


def draw(report: ImportReport) -> Drawing | None:
    """The drawing of a report; None if no row has a place.

    The frame is that of the accepted rows, if there are some: a row that is far off must not shrink them to a dot.
    """
    framing = report.accepted_places or report.rejected_places
    if not framing:
        return None
    xs, ys = [x for x, _ in framing], [y for _, y in framing]
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    inner = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    spans = (max(max(xs) - min(xs), LEAST_SPAN_M), max(max(ys) - min(ys), LEAST_SPAN_M))
    scale = min(size / span for size, span in zip(inner, spans, strict=True))
    accepted, rejected = (place_all(each, middle, scale) for each in (report.accepted_places, report.rejected_places))
    length_m = choose_length(BAR_SHARE * WIDTH / scale)
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    clamped = tuple(map(clamp, rejected))
    return Drawing(WIDTH, HEIGHT, accepted, clamped, length_m * scale, label, clamped != rejected)


def place_all(places: Sequence[Place], middle: Place, scale: float) -> tuple[Place, ...]:
    """Places in units of the drawing, rounded to a tenth."""
    x0, y0 = middle
    return tuple((round(WIDTH / 2 + (x - x0) * scale, 1), round(HEIGHT / 2 - (y - y0) * scale, 1)) for x, y in places)


def clamp(place: Place) -> Place:
    """The place, or the nearest one within the frame."""
    edge = MARGIN / 2
    return min(max(place[0], edge), WIDTH - edge), min(max(place[1], edge), HEIGHT - edge)


def choose_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, ... that is not above `most`."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)
