"""One figure of every unit beside what a target asks: a bar a unit, worst first."""

from collections.abc import Callable, Sequence
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
    measure,
    render_svg,
)

LEFT_PX, RIGHT_PX, TOP_PX, FOOT_PX = 130, 62, 20, 20
STEP_PX, BAR_PX, GAP_PX = 15, 10, 4
MOST = 40  # bars; more cannot be read

Scale = Callable[[float], float]  # how many pixels long the bar of a value is


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
    room, largest = find_room(bars), find_largest(chart, bars)
    high = TOP_PX + STEP_PX * len(bars) + FOOT_PX

    def scale(value: float) -> float:
        """How long the bar of a value is."""
        return room * min(value / largest, 1.0)

    parts = [draw_line((LEFT_PX, TOP_PX - 2), (LEFT_PX, high - FOOT_PX), FAINT)]
    # The line of a target lies over the bars and under their numbers.
    drawn = [draw_one(bar, TOP_PX + at * STEP_PX, scale) for at, bar in enumerate(bars)]
    parts += [part for one in drawn for part in one[:2]]
    parts += draw_targets(chart.targets, scale, high - FOOT_PX)
    parts += [one[2] for one in drawn]
    return render_svg(high, chart.title, parts)


def find_largest(chart: Bars, bars: Sequence[Bar]) -> float:
    """Where the scale ends: a round number that holds every bar and target."""
    if chart.largest is not None:
        return chart.largest
    values = [bar.value for bar in bars if bar.value is not None]
    return list_ticks(max([*values, *(value for value, _ in chart.targets)], default=1.0))[-1]


def find_room(bars: Sequence[Bar]) -> float:
    """How long a bar may be, so that the longest value finds its place behind it."""
    longest = max((measure(bar.shown) for bar in bars), default=0.0)
    return WIDE_PX - LEFT_PX - max(RIGHT_PX, longest + 2 * GAP_PX)


def draw_one(bar: Bar, y: float, scale: Scale) -> list[str]:
    """Name, bar and value of one unit, in that order."""
    wide = 0.0 if bar.value is None else scale(bar.value)
    return [
        draw_text(LEFT_PX - 5, y + BAR_PX - 1, fit(bar.name, LEFT_PX - 8), "end"),
        draw_bar(LEFT_PX, y, wide, BAR_PX, SHORT_BAR if bar.misses else BAR),
        draw_text(LEFT_PX + wide + GAP_PX, y + BAR_PX - 1, bar.shown, over=True),
    ]


def draw_targets(targets: Sequence[tuple[float, str]], scale: Scale, foot: float) -> list[str]:
    """A broken line for each target, its words over it."""
    parts = []
    for value, words in targets:
        x = LEFT_PX + scale(value)
        parts.append(draw_line((x, TOP_PX - 5), (x, foot), TARGET, 'stroke-width="1.5" stroke-dasharray="4 2"'))
        parts.append(draw_text(x, TOP_PX - 8, words, "middle", bold=True))
    return parts
