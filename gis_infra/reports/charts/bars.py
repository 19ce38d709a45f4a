"""One figure of every unit beside what a target asks: a bar a unit, worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gis_infra.reports.charts.canvas import (
    BAR,
    FAINT,
    SHORT_BAR,
    TARGET,
    WIDE_PX,
    draw_bar,
    draw_line,
    draw_text,
    fit,
    list_ticks,
    render_svg,
)

LEFT_PX, RIGHT_PX, TOP_PX, FOOT_PX = 130, 62, 20, 20
STEP_PX, BAR_PX = 15, 10
WIDE_BARS_PX = WIDE_PX - LEFT_PX - RIGHT_PX
MOST = 40  # bars; more cannot be read


@dataclass(frozen=True)
class Bar:
    """One unit. value: None where it is not known. shown: the value in words. misses: whether it misses the target."""

    name: str
    value: float | None
    shown: str
    misses: bool = False


@dataclass(frozen=True)
class Bars:
    """One chart. targets: what is asked, each with its words. largest: where the scale ends, None for the largest."""

    bars: tuple[Bar, ...]
    targets: tuple[tuple[float, str], ...]
    title: str
    largest: float | None = None


def render_bars(chart: Bars) -> Markup:
    """The chart as an `svg` element, of its first `MOST` bars."""
    bars = chart.bars[:MOST]
    largest = find_largest(chart, bars)
    high = TOP_PX + STEP_PX * len(bars) + FOOT_PX
    parts = [draw_line((LEFT_PX, TOP_PX - 2), (LEFT_PX, high - FOOT_PX), FAINT)]
    # The line of a target lies over the bars and under their numbers.
    drawn = [draw_one(bar, TOP_PX + at * STEP_PX, largest) for at, bar in enumerate(bars)]
    parts += [part for one in drawn for part in one[:2]]
    parts += draw_targets(chart.targets, largest, high - FOOT_PX)
    parts += [one[2] for one in drawn]
    return render_svg(high, chart.title, parts)


def find_largest(chart: Bars, bars: Sequence[Bar]) -> float:
    """Where the scale ends: a round number that holds every bar and target."""
    if chart.largest is not None:
        return chart.largest
    values = [bar.value for bar in bars if bar.value is not None]
    return list_ticks(max([*values, *(value for value, _ in chart.targets)], default=1.0))[-1]


def draw_one(bar: Bar, y: float, largest: float) -> list[str]:
    """Name, bar and value of one unit, in that order."""
    wide = 0.0 if bar.value is None else WIDE_BARS_PX * min(bar.value / largest, 1.0)
    return [
        draw_text(LEFT_PX - 5, y + BAR_PX - 1, fit(bar.name, LEFT_PX - 8), "end"),
        draw_bar(LEFT_PX, y, wide, BAR_PX, SHORT_BAR if bar.misses else BAR),
        draw_text(LEFT_PX + wide + 4, y + BAR_PX - 1, bar.shown, over=True),
    ]


def draw_targets(targets: Sequence[tuple[float, str]], largest: float, foot: float) -> list[str]:
    """A broken line for each target, its words over it."""
    parts = []
    for value, words in targets:
        x = LEFT_PX + WIDE_BARS_PX * min(value / largest, 1.0)
        parts.append(draw_line((x, TOP_PX - 5), (x, foot), TARGET, 'stroke-width="1.5" stroke-dasharray="4 2"'))
        parts.append(draw_text(x, TOP_PX - 8, words, "middle", bold=True))
    return parts
