"""Maps of coverage as SVG: units shaded by a share, and what lies within and out of reach. Pure.

On the paper of a printer without colours darker is more, and what is out of reach is hatched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import shapely
from markupsafe import Markup
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis_infra.reports.maps.drawing import (
    GROUND,
    HIGH_PX,
    INK,
    WIDE_PX,
    draw_north,
    draw_scale,
    find_scale,
    project,
    to_path,
)
from gis_infra.reports.maps.scene import WIDE, Extent, Scene

Mark = Literal["kept", "drawn", "planned", "out", "site"]

# Shares from, in per cent; what is not known has a colour of its own. Light to dark: ColorBrewer's five blues.
CLASSES: tuple[tuple[float, str], ...] = (
    (0.0, "#eff3ff"),
    (0.5, "#bdd7e7"),
    (0.8, "#6baed6"),
    (0.95, "#3182bd"),
    (1.0, "#08519c"),
)
UNKNOWN = "#dddddd"
REACH, GAP, BORDER = "#9ecae1", "#c62828", "#6b6b6b"
MARKS: dict[Mark, str] = {
    "kept": INK, "drawn": "#e07b00", "planned": "#e07b00", "out": "#ffffff", "site": "#6a1b9a",
}  # fmt: skip
MARGIN = 1.06
NARROWEST_M = 50.0
FINEST_PX = 0.3  # bends smaller than this are left out
SMALLEST_NAME_PX = 34  # a unit this wide has its name in it
NAME_PX, RANK_PX = 7.5, 7.5
MOST_RANKS = 20
SMALL_PX, BIG_PX = 1.6, 3.0  # facilities, when there are many and when there are few
MANY = 150


@dataclass(frozen=True)
class Shade:
    """One unit. shape: areas in the city's CRS. share: from 0 to 1, None where it is not known."""

    shape: BaseGeometry
    name: str
    share: float | None


@dataclass(frozen=True)
class Spot:
    """A facility or a site. shape: city's CRS; what is no point stands at a point on it. label: of a site."""

    shape: BaseGeometry
    mark: Mark = "kept"
    label: str = ""


@dataclass(frozen=True)
class CoverageScene:
    """What the maps of one run show, city's CRS. gaps: worst first."""

    shades: tuple[Shade, ...]
    reach: BaseGeometry | None = None
    gaps: tuple[BaseGeometry, ...] = ()
    spots: tuple[Spot, ...] = ()


def find_color(share: float | None) -> str:
    """The colour of a share: that of the last class it has reached."""
    if share is None:
        return UNKNOWN
    return next(color for least, color in reversed(CLASSES) if share >= least)


def render_shares(scene: CoverageScene, title: str) -> Markup:
    """The units, each in the colour of its share, with its name where there is room."""
    frame = make_frame(scene, title)
    parts = [draw_area(frame, each.shape, find_color(each.share), border=BORDER) for each in scene.shades]
    parts += [draw_name(frame, each) for each in scene.shades]
    return finish(frame, parts, "")


def render_gaps(scene: CoverageScene, title: str) -> Markup:
    """What lies within reach, the gaps with their ranks, the facilities and the sites."""
    frame = make_frame(scene, title)
    parts = [draw_area(frame, scene.reach, REACH)] if scene.reach is not None else []
    parts += [draw_area(frame, each, "url(#hatch)", border=GAP) for each in scene.gaps]
    parts += [draw_area(frame, each.shape, "none", border=BORDER) for each in scene.shades]
    radius = SMALL_PX if len(scene.spots) > MANY else BIG_PX
    parts += [draw_spot(frame, each, radius) for each in scene.spots]
    parts += [draw_rank(frame, each, at + 1) for at, each in enumerate(scene.gaps[:MOST_RANKS])]
    return finish(frame, parts, render_hatch())


def render_hatch() -> str:
    """The hatching of what is out of reach."""
    return (
        '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="{GAP}" fill-opacity="0.15"/>'
        f'<path d="M0 0V5" stroke="{GAP}" stroke-width="1.4"/></pattern></defs>'
    )


def make_frame(scene: CoverageScene, title: str) -> Scene:
    """The ground that shows the units with a margin; without units, what else there is."""
    shapes = [each.shape for each in scene.shades] or [each.shape for each in scene.spots]
    shapes = [each for each in shapes if not each.is_empty]
    if not shapes:
        return Scene(Extent(0.0, 0.0, NARROWEST_M), (), title)
    xmin, ymin, xmax, ymax = shapely.total_bounds(shapes).tolist()
    half_m = max((ymax - ymin) / 2, (xmax - xmin) / 2 / WIDE) * MARGIN
    return Scene(Extent((xmin + xmax) / 2, (ymin + ymax) / 2, max(half_m, NARROWEST_M)), (), title)


def finish(frame: Scene, parts: Iterable[str], definitions: str) -> Markup:
    """The map with its ground, scale, north and edge, to be put into a page as it is."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE_PX} {HIGH_PX}" role="img">'
    ground = f'<rect width="{WIDE_PX}" height="{HIGH_PX}" fill="{GROUND}"/>'
    edge = f'<rect width="{WIDE_PX}" height="{HIGH_PX}" fill="none" stroke="{INK}" stroke-width="1"/>'
    body = "".join((definitions, ground, *parts, draw_scale(frame), draw_north(), edge))
    return Markup(f"{head}<title>{escape(frame.title)}</title>{body}</svg>")  # noqa: S704 - texts in it are escaped


def draw_area(frame: Scene, shape: BaseGeometry, fill: str, border: str = "none") -> str:
    """The areas of a shape as one path; "" where it has none."""
    simple = shapely.simplify(shape, FINEST_PX / find_scale(frame))
    areas = [each for each in shapely.get_parts(simple).tolist() if isinstance(each, Polygon) and not each.is_empty]
    rings = [ring for area in areas for ring in (area.exterior, *area.interiors)]
    path = "".join(to_path(frame, shapely.get_coordinates(ring), "Z") for ring in rings)
    if not path:
        return ""
    return f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{border}" stroke-width="0.6"/>'


def find_place(frame: Scene, shape: BaseGeometry) -> tuple[float, float] | None:
    """Where something stands on the map, in pixels: a point on it; None for nothing, and for what is not on the map."""
    if shape.is_empty:
        return None
    point = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
    ((x, y),) = project(frame, [(shapely.get_x(point).item(), shapely.get_y(point).item())])
    return (x, y) if 0 <= x <= WIDE_PX and 0 <= y <= HIGH_PX else None


def draw_name(frame: Scene, shade: Shade) -> str:
    """The name of a unit in it, "" where there is no room."""
    place = find_place(frame, shade.shape)
    if place is None or not shade.name:
        return ""
    xmin, _, xmax, _ = shade.shape.bounds
    wide_px = (xmax - xmin) * find_scale(frame)
    if wide_px < max(SMALLEST_NAME_PX, len(shade.name) * NAME_PX * 0.5):
        return ""
    return draw_label(place, shade.name, NAME_PX, INK)


def draw_rank(frame: Scene, gap: BaseGeometry, rank: int) -> str:
    """The rank of a gap on it."""
    place = find_place(frame, gap)
    return "" if place is None else draw_label(place, str(rank), RANK_PX, GAP)


def draw_label(place: tuple[float, float], text: str, size: float, color: str) -> str:
    """A text in the middle of a place, with a white edge so that it stands out of what is under it."""
    return (
        f'<text x="{place[0]}" y="{place[1] + size / 3:.1f}" text-anchor="middle" font-size="{size}" font-weight="600"'
        f' fill="{color}" stroke="#fff" stroke-width="2" paint-order="stroke">{escape(text)}</text>'
    )


def draw_spot(frame: Scene, spot: Spot, radius: float) -> str:
    """A facility as a dot, one that is counted out as a ring, a site as a square with its label."""
    place = find_place(frame, spot.shape)
    if place is None:
        return ""
    x, y = place
    color = MARKS[spot.mark]
    if spot.mark == "site":
        square = f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10" fill="{color}" stroke="#fff" stroke-width="1"/>'
        text = f'<text x="{x}" y="{y + 2.8:.1f}" text-anchor="middle" font-size="8" font-weight="700" fill="#fff">'
        return f"{square}{text}{escape(spot.label)}</text>"
    edge = "#888888" if spot.mark == "out" else "#ffffff"
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{color}" stroke="{edge}" stroke-width="0.7"/>'


def list_classes() -> Sequence[tuple[float, float | None, str]]:
    """The classes of the shares for a legend: from, to (None: the last), colour."""
    ends = [least for least, _ in CLASSES[1:]]
    return [(least, end, color) for (least, color), end in zip(CLASSES, [*ends, None], strict=True)]
