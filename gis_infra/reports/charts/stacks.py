"""What several things consist of: a bar each, all of one length, cut into the shares of its classes."""

from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from gis_infra.catalogue.definitions import Language
from gis_infra.reports.charts.canvas import FONT_PX, INK, LETTER, WIDE_PX, draw_text, fit, render_svg
from gis_infra.reports.numbers import show_share

LEFT_PX, RIGHT_PX, TOP_PX = 150, 8, 6
STEP_PX, BAR_PX = 20, 15
LEGEND_STEP_PX, SWATCH_PX = 15, 10
WIDE_BARS_PX = WIDE_PX - LEFT_PX - RIGHT_PX
NARROWEST_PX = 34  # in which a share can be read
PAPER = "#ffffff"
DARK = 140  # how bright a colour is, of 255, on which white is read better than ink


@dataclass(frozen=True)
class StackClass:
    """A class. color: "#rrggbb"."""

    title: str
    color: str


@dataclass(frozen=True)
class Stack:
    """One bar. parts: how much there is of each class, in the order of the classes."""

    name: str
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Stacks:
    """One chart."""

    classes: tuple[StackClass, ...]
    stacks: tuple[Stack, ...]
    title: str


def render_stacks(chart: Stacks, language: Language) -> Markup:
    """The chart as an `svg` element, its legend beneath; a bar of nothing is left out."""
    parts: list[str] = []
    y = float(TOP_PX)
    for stack in chart.stacks:
        if sum(stack.parts) > 0:
            parts += draw_stack(chart, stack, y, language)
            y += STEP_PX
    legend, high = draw_legend(chart, y + 4)
    return render_svg(high, chart.title, [*parts, *legend])


def draw_stack(chart: Stacks, stack: Stack, y: float, language: Language) -> list[str]:
    """The name of a bar and its pieces; a share stands in its piece where it has room."""
    drawn = [draw_text(LEFT_PX - 6, y + BAR_PX - 4, fit(stack.name, LEFT_PX - 8), "end")]
    whole, x = sum(stack.parts), float(LEFT_PX)
    for each, part in zip(chart.classes, stack.parts, strict=True):
        wide = WIDE_BARS_PX * part / whole
        if wide <= 0:
            continue
        share = show_share(part / whole, language)
        drawn.append(draw_piece(x, y, wide, each, share))
        if wide >= NARROWEST_PX:
            drawn.append(draw_share(x + wide / 2, y + BAR_PX - 4, share, each.color))
        x += wide
    return drawn


def draw_piece(x: float, y: float, wide: float, each: StackClass, share: str) -> str:
    """A piece of a bar, which says what it is to who points at it."""
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{BAR_PX}"'
    told = f"<title>{escape(each.title)}: {escape(share)}</title>"
    return f'<rect {shape} fill="{escape(each.color)}" stroke="{PAPER}" stroke-width="0.6">{told}</rect>'


def draw_share(x: float, y: float, share: str, color: str) -> str:
    """A share on its piece, in the ink that is read on its colour."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{FONT_PX - 1}"'
    return f'<text {place} class="on-color" fill="{choose_ink(color)}">{escape(share)}</text>'


def choose_ink(color: str) -> str:
    """White on a dark colour, ink on a bright one. Source: ITU-R BT.601 (how bright a colour is)."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < DARK else INK


def draw_legend(chart: Stacks, y: float) -> tuple[list[str], float]:
    """What the colours of the classes that occur mean, in lines as wide as the bars; and how high the chart is."""
    drawn, x = [], float(LEFT_PX)
    for at, each in enumerate(chart.classes):
        if not any(stack.parts[at] > 0 for stack in chart.stacks):
            continue
        wide = SWATCH_PX + 4 + len(each.title) * FONT_PX * LETTER + 12
        if x > LEFT_PX and x + wide > WIDE_PX:
            x, y = float(LEFT_PX), y + LEGEND_STEP_PX
        shape = f'x="{x:.1f}" y="{y:.1f}" width="{SWATCH_PX}" height="{SWATCH_PX}"'
        drawn.append(f'<rect {shape} fill="{escape(each.color)}" stroke="#8a8a8a" stroke-width="0.5"/>')
        drawn.append(draw_text(x + SWATCH_PX + 4, y + SWATCH_PX - 1, each.title))
        x += wide
    return drawn, y + LEGEND_STEP_PX + 2
