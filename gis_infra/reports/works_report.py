"""The report on planned works to print: whom to ask, what lies there, one map of all of it."""

import datetime
from collections.abc import Mapping, Sequence

from markupsafe import Markup
from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.works.checking import WorksCheck
from gis_infra.analysis.works.works import Works
from gis_infra.catalogue.definitions import Language
from gis_infra.reports.maps.drawing import render_scene
from gis_infra.reports.maps.scene import WIDE, Extent, Item, Role, Scene
from gis_infra.reports.maps.surroundings import Wanted, read_surroundings
from gis_infra.reports.pages import render_page
from gis_infra.reports.words import WORDS
from gis_infra.reports.works import to_works_check

MARGIN = 1.4  # of the works on their map
NARROWEST_M = 15.0
WORKS_ORDER = 10_000  # over everything


def render_works_report(
    connection: Connection, ground: Ground, actor: Actor, check: WorksCheck, language: Language
) -> str:
    """An HTML page on planned works."""
    shown = to_works_check(check, ground.tables.srid)
    features = shown["conflicts"]["features"]
    values = {
        "check": shown,
        "assets": [each for each in features if each["properties"]["kind"] == "works"],
        "chances": [each for each in features if each["properties"]["kind"] != "works"],
        "layers_of": lambda asked: name_layers(ground, asked["layers"], language),
        "today": f"{datetime.date.today():%Y-%m-%d}",
        "map": draw_works(connection, ground, actor, check, language),
    }
    return render_page("works.html", ground.catalogue, language, values)


def name_layers(ground: Ground, layers: Mapping[str, int], language: Language) -> str:
    """Numbers of assets by layer, as "3 Water pipe, 1 Manhole"."""
    titles = ((count, ground.catalogue.get_layer(each).title.get_in(language)) for each, count in layers.items())
    return ", ".join(f"{count} {title}" for count, title in titles)


def draw_works(connection: Connection, ground: Ground, actor: Actor, check: WorksCheck, language: Language) -> Markup:
    """The map of works with what the actor may see around them as SVG; what they meet stands out."""
    roles: dict[tuple[str, int], Role] = {
        (each.asset.layer, each.asset.id): "met" for each in check.reached.met if each.severity != "clear"
    }
    wanted = Wanted(find_extent(check.works), roles)
    (around,) = read_surroundings(connection, ground, actor, [wanted])
    return render_map(check.works, around, language)


def render_map(works: Works, around: Sequence[Item], language: Language) -> Markup:
    """The map of works over what lies around them."""
    items = (*around, Item(works.shape, "#c62828", "works", "works_project", WORKS_ORDER))
    return render_scene(Scene(find_extent(works), items, WORDS["map_of_works"].get_in(language)))


def find_extent(works: Works) -> Extent:
    """The ground that shows works with a margin."""
    xmin, ymin, xmax, ymax = works.shape.bounds
    half_m = max((ymax - ymin) / 2, (xmax - xmin) / 2 / WIDE) * MARGIN + works.buffer_m
    return Extent((xmin + xmax) / 2, (ymin + ymax) / 2, max(half_m, NARROWEST_M))
