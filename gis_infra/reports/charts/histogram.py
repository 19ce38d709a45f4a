"""People by how far they have to a service: a bar a class, and where the standard ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gis_infra.catalogue.definitions import Language
from gis_infra.reports.charts.canvas import (
    BAR,
    FAINT,
    PALE_BAR,
    TARGET,
    WIDE_PX,
    draw_bar,
    draw_line,
    draw_text,
    list_ticks,
    render_svg,
)
from gis_infra.reports.numbers import show_number

HIGH_PX = 190
LEFT_PX, TOP_PX, FOOT_PX = 56, 22, 34
WIDE_BARS_PX = WIDE_PX - LEFT_PX - 12
HIGH_BARS_PX = HIGH_PX - TOP_PX - FOOT_PX


@dataclass(frozen=True)
class DistanceClass:
    """How many people (or places) have a way of at least `least` and less than `most`; None: whatever is longer."""

    least: float
    most: float | None
    count: float


@dataclass(frozen=True)
class Histogram:
    """One chart. limit: the standard's distance, None without one. unit: "m" or "min". axis: what the bars count."""

    classes: tuple[DistanceClass, ...]
    limit: float | None
    unit: str
    axis: str
    title: str


def render_histogram(histogram: Histogram, language: Language) -> Markup:
    """The chart as an `svg` element; classes within the limit are darker."""
    ticks = list_ticks(max((each.count for each in histogram.classes), default=0.0), 4)
    parts = [*draw_ticks(ticks, language), draw_text(8, 14, histogram.axis)]
    for at, each in enumerate(histogram.classes):
        parts += draw_class(histogram, at, each, ticks[-1], language)
    parts.append(draw_line((LEFT_PX, TOP_PX + HIGH_BARS_PX), (WIDE_PX - 12, TOP_PX + HIGH_BARS_PX)))
    parts += draw_limit(histogram, language)
    parts.append(draw_text(WIDE_PX - 12, HIGH_PX - 4, histogram.unit, "end"))
    return render_svg(HIGH_PX, histogram.title, parts)


def draw_ticks(ticks: Sequence[float], language: Language) -> list[str]:
    """The lines of the counts, with their numbers."""
    parts = []
    for tick in ticks:
        y = TOP_PX + HIGH_BARS_PX * (1 - tick / ticks[-1])
        parts.append(draw_line((LEFT_PX, y), (WIDE_PX - 12, y), FAINT, 'stroke-width="0.5"'))
        parts.append(
            draw_text(LEFT_PX - 5, y + 3.5, show_number(tick, language, 0 if tick >= 1 or not tick else 1), "end")
        )
    return parts


def draw_class(histogram: Histogram, at: int, one: DistanceClass, highest: float, language: Language) -> list[str]:
    """The bar of one class, and where it begins."""
    step = WIDE_BARS_PX / len(histogram.classes)
    x = LEFT_PX + at * step
    high = HIGH_BARS_PX * one.count / highest
    is_within = histogram.limit is None or (one.most is not None and one.most <= histogram.limit)
    bar = draw_bar(x + 1, TOP_PX + HIGH_BARS_PX - high, step - 2, high, BAR if is_within else PALE_BAR)
    begins = show_number(one.least, language, 0 if one.least == int(one.least) else 1)
    sign = "≥" if one.most is None else ""
    return [bar, draw_text(x, TOP_PX + HIGH_BARS_PX + 13, sign + begins, "start" if one.most is None else "middle")]


def draw_limit(histogram: Histogram, language: Language) -> list[str]:
    """A broken line where the standard ends; nothing where it ends beyond the classes or there is none."""
    edges = [each.least for each in histogram.classes]
    limit = histogram.limit
    if limit is None or len(edges) < 2 or limit > edges[-1]:
        return []
    # Within a class the line stands in proportion.
    at = max(index for index, edge in enumerate(edges) if edge <= limit)
    step = WIDE_BARS_PX / len(edges)
    part = 0.0 if at + 1 == len(edges) else (limit - edges[at]) / (edges[at + 1] - edges[at])
    x = LEFT_PX + (at + part) * step
    line = draw_line((x, TOP_PX - 6), (x, TOP_PX + HIGH_BARS_PX), TARGET, 'stroke-width="1.5" stroke-dasharray="4 2"')
    return [line, draw_text(x + 4, TOP_PX - 1, f"{show_number(limit, language)} {histogram.unit}", bold=True)]
