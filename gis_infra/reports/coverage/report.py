"""The report on a run of coverage to print: what was found, maps and charts of it, and how to come to the same again.

It is made of the run as JSON holds it (`reports.coverage.documents`), so that page, map and files say the same.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.filters.places import move_points
from gis_infra.reports import numbers
from gis_infra.reports.coverage import charts, telling
from gis_infra.reports.features import to_titles
from gis_infra.reports.maps import shading
from gis_infra.reports.maps.shading import CoverageScene, Shade, Spot
from gis_infra.reports.pages import render_page
from gis_infra.reports.words import WORDS
from gis_infra.spatial import crs

MOST_ROWS = 25  # gaps, facilities and sites in one report; files hold all
METHOD = "coverage.method."

Found = Mapping[str, Any]


def render_coverage_report(
    found: Found, series: Sequence[Found], catalogue: Catalogue, srid: int, language: Language
) -> str:
    """An HTML page on a run.

    found: the run as `to_report` gives it. series: the official runs of its service, newest first, as `to_entry` gives
    them. srid: the city's CRS, in which the maps are drawn.
    """
    values = {
        "found": found,
        "run": found["run"],
        "service": found["service"],
        "city": found["city"],
        "units": [each["properties"] for each in found["units"]["features"]],
        "share_name": found["main_share"],
        "has_people": found["main_share"] == "people_share",
        "series": series,
        "most": MOST_ROWS,
        "facilities": sort_facilities(found),
        "unit_names": {each["properties"]["code"]: each["properties"]["name"] for each in found["units"]["features"]},
        "maps": draw_maps(found, srid, language),
        "charts": charts.draw_charts(found, language),
        "bars_caption": charts.describe_bars(found, language),
        "legend": list_legend(found),
        "classes": shading.list_classes(),
        "parameters": write_parameters(found["run"]["parameters"]),
        "method": to_titles(WORDS[METHOD + found["run"]["method"]]),
        "origin": lambda said: telling.tell_origin(said, language),
        "way": lambda value: numbers.show_way(value, charts.get_unit(found), language),
        "asked": lambda target: charts.show_asked(target, charts.get_unit(found), language),
        "indicated": lambda target, value: charts.show_indicator(
            target["indicator"], value, charts.get_unit(found), language
        ),
    }
    return render_page("coverage.html", catalogue, language, values)


def write_parameters(parameters: Found) -> str:
    """All parameters as JSON, one of them a line."""
    parts = (f'"{name}": {json.dumps(parameters[name], ensure_ascii=False)}' for name in sorted(parameters))
    return "{" + ",\n".join(parts) + "}"


def sort_facilities(found: Found) -> list[Found]:
    """The facilities by the people they serve, most first."""
    rows = [each["properties"] for each in found["facilities"]["features"]]
    return sorted(rows, key=lambda each: (-(each["people"] or 0), -(each["places"] or 0), each["id"]))


def draw_maps(found: Found, srid: int, language: Language) -> dict[str, Any]:
    """The map of shares and the map of gaps as SVG."""
    scene = make_scene(found, srid)
    share = WORDS[f"coverage.{found['main_share']}"].get_in(language)
    return {
        "shares": shading.render_shares(scene, WORDS["coverage.map_shares"].get_in(language).format(share=share)),
        "gaps": shading.render_gaps(scene, WORDS["coverage.map_gaps"].get_in(language)),
    }


def make_scene(found: Found, srid: int) -> CoverageScene:
    """What the maps show, in the city's CRS."""
    share = found["main_share"]
    units = [each for each in found["units"]["features"] if each["geometry"] is not None]
    sites = [
        Spot(to_city(each["geometry"], srid), "site", str(each["properties"]["rank"]))
        for each in found["sites"]["features"]
    ]
    facilities = [
        Spot(to_city(each["geometry"], srid), each["properties"]["state"]) for each in found["facilities"]["features"]
    ]
    return CoverageScene(
        shades=tuple(
            Shade(to_city(each["geometry"], srid), each["properties"]["name"] or "", each["properties"][share])
            for each in units
        ),
        reach=None if found["reach"] is None else to_city(found["reach"], srid),
        gaps=tuple(to_city(each["geometry"], srid) for each in found["gaps"]["features"]),
        spots=(*facilities, *sites),
    )


def to_city(geometry: Found, srid: int) -> BaseGeometry:
    """A GeoJSON geometry in the city's CRS."""
    transformer = crs.get_transformer(crs.WGS84, srid)
    moved: BaseGeometry = shapely.transform(shape(dict(geometry)), partial(move_points, transformer))
    return moved


def list_legend(found: Found) -> list[tuple[str, str]]:
    """The kinds of spots on the map of gaps, each with its colour."""
    states = {each["properties"]["state"] for each in found["facilities"]["features"]}
    shown = [mark for mark in shading.MARKS if mark in states or (mark == "site" and found["sites"]["features"])]
    return [(mark, shading.MARKS[mark]) for mark in shown]
