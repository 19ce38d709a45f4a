"""What all charts are drawn with: texts that are escaped, lines, bars, and scales with round numbers."""

import math
from html import escape

from markupsafe import Markup

INK = "#1b1b1b"
FAINT = "#c9c9c9"
BAR = "#3182bd"
SHORT_BAR = "#c62828"  # of what misses its target
PALE_BAR = "#bdd7e7"
TARGET = "#e07b00"
WIDE_PX = 480
FONT_PX = 10
# As wide as a letter of the pages' font is on average, of its height.
LETTER = 0.56
STEPS = (1, 2, 2.5, 5, 10)


def render_svg(high_px: float, title: str, parts: list[str]) -> Markup:
    """A drawing as an `svg` element, to be put into a page as it is. title: what it shows, for who cannot see."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE_PX} {high_px:g}" role="img">'
    body = f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    return Markup(head + body)  # noqa: S704 - the texts in it are escaped


def draw_text(x: float, y: float, text: str, anchor: str = "start", *, bold: bool = False, over: bool = False) -> str:
    """A line of text. anchor: which end of it stands at x. over: with a white edge, for what may lie under it."""
    weight = ' font-weight="700"' if bold else ""
    weight += ' stroke="#fff" stroke-width="2" paint-order="stroke"' if over else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{FONT_PX}"'
    return f'<text {place}{weight} fill="{INK}">{escape(text)}</text>'


def draw_bar(x: float, y: float, wide: float, high: float, color: str) -> str:
    """A filled bar; of less than nothing, nothing."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{max(high, 0):.1f}" fill="{color}"/>'


def draw_line(start: tuple[float, float], end: tuple[float, float], color: str = INK, style: str = "") -> str:
    """A straight line. style: further attributes."""
    path = f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
    return f'<path d="{path}" fill="none" stroke="{color}" {style}/>'


def measure(text: str) -> float:
    """About how wide a text is, in pixels."""
    return len(text) * FONT_PX * LETTER


def fit(text: str, wide_px: float) -> str:
    """A text cut to a width, with dots where something is left out."""
    most = max(int(wide_px / (FONT_PX * LETTER)), 2)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def list_ticks(largest: float, most: int = 5) -> list[float]:
    """Round numbers from 0 to at least `largest`, at most `most` steps of the same size."""
    if largest <= 0:
        return [0.0, 1.0]
    power = 10 ** math.floor(math.log10(largest / most))
    step = next((each * power for each in STEPS if each * power * most >= largest), 10 * power)
    return [at * step for at in range(math.ceil(round(largest / step, 9)) + 1)]
