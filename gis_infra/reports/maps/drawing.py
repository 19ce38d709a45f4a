"""A scene as SVG: surroundings, what it is about, the worst place, a scale and north. Pure.

Texts are escaped and numbers rounded to a tenth of a pixel, so that the same scene is the same file.
"""

import math
from collections.abc import Iterable
from html import escape

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis_infra.reports.maps.scene import WIDE, Item, Role, Scene

HIGH_PX = 320
WIDE_PX = round(HIGH_PX * WIDE)
INK = "#1b1b1b"
ALARM = "#c62828"
GROUND = "#faf9f6"
STEPS_M = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
BROAD_PX, FAINT = 30, 0.3  # what is broader, such as a street, lies faintly under everything
MARGIN = 0.08  # of half the height, within which no letter stands
NEAREST_PX = 22  # two letters
LONGEST_SCALE = 0.3  # of the width
ROLES: tuple[Role, ...] = ("around", "works", "met", "right", "left")  # as they lie over one another
LETTERS: dict[Role, str] = {"left": "A", "right": "B"}
WIDTHS: dict[Role, float] = {"around": 1.4, "works": 1.8, "met": 3.0, "left": 4.0, "right": 4.0}


def render_scene(scene: Scene) -> Markup:
    """The map as an `svg` element, to be put into a page as it is."""
    items = sorted(scene.items, key=lambda item: (ROLES.index(item.role), item.order))
    parts = [*(draw(scene, each) for each in items), *draw_letters(scene, items)]
    if scene.place is not None:
        parts.append(draw_place(scene))
    parts += [draw_scale(scene), draw_north()]
    title = f"<title>{escape(scene.title)}</title>"
    frame = f'<rect width="{WIDE_PX}" height="{HIGH_PX}" fill="none" stroke="{INK}" stroke-width="1"/>'
    back = f'<rect width="{WIDE_PX}" height="{HIGH_PX}" fill="{GROUND}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE_PX} {HIGH_PX}" role="img">'
    return Markup(f"{head}{title}{back}{''.join(parts)}{frame}</svg>")  # noqa: S704 - the texts in it are escaped


def project(scene: Scene, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Places in pixels from the upper left corner."""
    xmin, _, _, ymax = scene.extent.bounds
    scale = find_scale(scene)
    return [(round((east - xmin) * scale, 1), round((ymax - north) * scale, 1)) for east, north in points]


def draw(scene: Scene, item: Item) -> str:
    """One thing, by what its shape is."""
    return "".join(draw_part(scene, item, part) for part in shapely.get_parts(item.shape).tolist())


def draw_part(scene: Scene, item: Item, part: BaseGeometry) -> str:
    """One point, line or area of a thing."""
    if part.is_empty:
        return ""
    if isinstance(part, Point):
        return draw_point(scene, item, part)
    return draw_area(scene, item, part) if isinstance(part, Polygon) else draw_line(scene, item, part)


def draw_point(scene: Scene, item: Item, point: Point) -> str:
    """A dot."""
    ((x, y),) = project(scene, [(point.x, point.y)])
    radius = WIDTHS[item.role] + 1.6
    return f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{item.color}" stroke="#fff" stroke-width="1"/>'


def draw_area(scene: Scene, item: Item, area: Polygon) -> str:
    """An area with its outline; that of works is broken, since nothing is there yet."""
    color = ALARM if item.role == "works" else item.color
    path = "".join(to_path(scene, shapely.get_coordinates(ring), "Z") for ring in (area.exterior, *area.interiors))
    dash = ' stroke-dasharray="6 3"' if item.role == "works" else ""
    fill = "0.22" if item.role in ("left", "right", "met") else "0.12"
    return (
        f'<path d="{path}" fill="{color}" fill-opacity="{fill}" fill-rule="evenodd" stroke="{color}"'
        f' stroke-width="{min(WIDTHS[item.role], 1.8)}"{dash}/>'
    )


def draw_line(scene: Scene, item: Item, line: BaseGeometry) -> str:
    """A line as wide as the thing is, if that can be seen, so that walls and not only axes can be compared.

    What the map is about has a white edge, so that it stands out where lines lie close.
    """
    color = ALARM if item.role == "works" else item.color
    width = max(WIDTHS[item.role], round(item.width_m * find_scale(scene), 1))
    path = to_path(scene, shapely.get_coordinates(line), "")
    drawn = f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}"'
    if item.role == "around":
        return drawn + f' opacity="{FAINT if width > BROAD_PX else 0.75}"/>'
    dash = ' stroke-dasharray="6 3"' if item.role == "works" else ""
    return f'<path d="{path}" fill="none" stroke="#fff" stroke-width="{width + 2.5}"/>{drawn}{dash}/>'


def find_scale(scene: Scene) -> float:
    """Pixels a metre."""
    return HIGH_PX / (2 * scene.extent.half_m)


def to_path(scene: Scene, points: NDArray[np.float64], end: str) -> str:
    """The path through points, closed by an end of "Z"."""
    pixels = project(scene, [(float(east), float(north)) for east, north in points])
    return "M" + "L".join(f"{x} {y}" for x, y in pixels) + end


def draw_letters(scene: Scene, items: Iterable[Item]) -> list[str]:
    """A and B beside the two assets, where they are farthest from the worst place, on the map and not on each other."""
    ((x, y),) = project(scene, [scene.place or (scene.extent.east_m, scene.extent.north_m)])
    taken: list[tuple[float, float]] = []
    found = []
    for item in items:
        letter = LETTERS.get(item.role)
        places = list_places(scene, item) if letter is not None else []
        if letter is None or not places:
            continue
        free = [each for each in places if all(math.dist(each, other) > NEAREST_PX for other in taken)]
        at = max(free or places, key=lambda each: math.dist(each, (x, y)))
        taken.append(at)
        found.append(draw_letter(letter, *at))
    return found


def list_places(scene: Scene, item: Item) -> list[tuple[float, float]]:
    """Corners and ends of what is seen of a thing, in pixels."""
    box = shapely.box(*scene.extent.bounds).buffer(-MARGIN * scene.extent.half_m)
    seen = shapely.get_coordinates(shapely.intersection(shapely.make_valid(item.shape), box))
    return project(scene, [(float(east), float(north)) for east, north in seen])


def draw_letter(letter: str, x: float, y: float) -> str:
    """One letter in a ring."""
    return (
        f'<circle cx="{x}" cy="{y}" r="9" fill="#fff" stroke="{INK}"/>'
        f'<text x="{x}" y="{y + 4:.1f}" text-anchor="middle" font-size="12" font-weight="700" fill="{INK}">{letter}'
        "</text>"
    )


def draw_place(scene: Scene) -> str:
    """A ring with a cross at the worst place."""
    if scene.place is None:
        return ""
    ((x, y),) = project(scene, [scene.place])
    cross = f"M{x - 13} {y}H{x - 5}M{x + 5} {y}H{x + 13}M{x} {y - 13}V{y - 5}M{x} {y + 5}V{y + 13}"
    return (
        f'<circle cx="{x}" cy="{y}" r="9" fill="none" stroke="#fff" stroke-width="4"/>'
        f'<circle cx="{x}" cy="{y}" r="9" fill="none" stroke="{ALARM}" stroke-width="2"/>'
        f'<path d="{cross}" stroke="{ALARM}" stroke-width="2"/>'
    )


def find_scale_m(high_m: float) -> int:
    """The longest round number of metres whose bar fits; high_m: height of the map on the ground."""
    return max((step for step in STEPS_M if step <= high_m * WIDE * LONGEST_SCALE), default=STEPS_M[0])


def draw_scale(scene: Scene) -> str:
    """The bar in the lower left corner."""
    length_m = find_scale_m(2 * scene.extent.half_m)
    end = 14 + length_m * find_scale(scene)
    y = HIGH_PX - 12
    return (
        f'<rect x="8" y="{y - 18}" width="{end + 2:.1f}" height="24" fill="#fff" fill-opacity="0.85"/>'
        f'<path d="M14 {y - 5}V{y}H{end:.1f}V{y - 5}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        f'<text x="{(14 + end) / 2:.1f}" y="{y - 5}" text-anchor="middle" font-size="11" fill="{INK}">'
        f"{show_length(length_m)}</text>"
    )


def show_length(length_m: int) -> str:
    """A round length in metres, or in kilometres from two of them on."""
    return f"{length_m} m" if length_m < 2000 else f"{length_m // 1000} km"


def draw_north() -> str:
    """The arrow to grid north in the upper right corner."""
    x = WIDE_PX - 20
    return (
        f'<circle cx="{x}" cy="24" r="16" fill="#fff" fill-opacity="0.85"/>'
        f'<path d="M{x} 10L{x + 5} 28L{x} 24L{x - 5} 28Z" fill="{INK}"/>'
        f'<text x="{x}" y="39" text-anchor="middle" font-size="11" font-weight="700" fill="{INK}">N</text>'
    )
