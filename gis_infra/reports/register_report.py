"""The report on the register to print: what matches, each conflict with a map of its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.reading import RegisterQuery, read_register
from gis_infra.catalogue.definitions import Language
from gis_infra.reports.features import to_register
from gis_infra.reports.maps.drawing import render_scene
from gis_infra.reports.maps.scene import Extent, Role, Scene
from gis_infra.reports.maps.surroundings import Wanted, read_surroundings
from gis_infra.reports.pages import render_page
from gis_infra.reports.words import WORDS
from gis_infra.spatial import crs

MOST = 300  # conflicts with a map in one report; sheets and GeoPackage hold all
NARROWEST_M, WIDEST_M = 10.0, 80.0  # half of the height of a map on the ground

Feature = Mapping[str, Any]


def render_register_report(
    connection: Connection, ground: Ground, query: RegisterQuery, language: Language
) -> tuple[str, int]:
    """An HTML page on the conflicts that match and that the actor of the query may see, and how many of them it holds.

    They are at most `MOST`. Raises as `read_register`.
    """
    page = read_register(connection, ground.catalogue, ground.tables, replace(query, limit=min(query.limit, MOST)))
    found = to_register(page)
    values = {
        "conflicts": found["features"],
        "matched": page.matched,
        "as_of": connection.execute(select(func.now())).scalar_one(),
        "maps": draw_maps(connection, ground, query.actor, found["features"], language),
    }
    return render_page("register.html", ground.catalogue, language, values), len(found["features"])


def draw_maps(
    connection: Connection, ground: Ground, actor: Actor, conflicts: Sequence[Feature], language: Language
) -> dict[int, Markup]:
    """Conflict id -> the map of its place as SVG."""
    transformer = crs.get_transformer(crs.WGS84, ground.tables.srid)
    places = [transformer.transform(*each["geometry"]["coordinates"]) for each in conflicts]
    wanted = [Wanted(find_extent(each, place), list_roles(each)) for each, place in zip(conflicts, places, strict=True)]
    around = read_surroundings(connection, ground, actor, wanted)
    drawn = {}
    for each, place, one, items in zip(conflicts, places, wanted, around, strict=True):
        title = WORDS["map_of"].get_in(language).format(id=each["properties"]["id"])
        drawn[each["properties"]["id"]] = render_scene(Scene(one.extent, items, title, place))
    return drawn


def find_extent(conflict: Feature, place: tuple[float, float]) -> Extent:
    """The ground around a place: some times what is asked for, so that the distance can be seen."""
    values = conflict["properties"]
    measured = max(values["required_m"], abs(values["distance_m"] or 0.0))
    return Extent(place[0], place[1], min(max(4 * measured, NARROWEST_M), WIDEST_M))


def list_roles(conflict: Feature) -> dict[tuple[str, int], Role]:
    """The two assets of a conflict."""
    values = conflict["properties"]
    sides: tuple[Role, ...] = ("left", "right")
    return {(values[f"{side}_layer"], values[f"{side}_id"]): side for side in sides if values[f"{side}_layer"]}
