"""A run of coverage as tables of plain cells: what sheets and CSV files hold, under headings in words."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis_infra.catalogue.definitions import Language
from gis_infra.reports.coverage import charts, telling
from gis_infra.reports.files import to_lonlat
from gis_infra.reports.words import WORDS

Found = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class TableSheet:
    """One table. name: of its sheet, in words. rows: all with the same headings."""

    name: str
    rows: Sequence[Row]


# Headings by what they stand over: a key of WORDS, and what a figure of a unit is called.
UNIT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("coverage.people", "people"),
    ("coverage.served", "people_served"),
    ("coverage.people_share", "people_share"),
    ("coverage.unassigned", "unassigned"),
    ("coverage.places", "places"),
    ("coverage.places_served", "places_served"),
    ("coverage.places_share", "places_share"),
    ("coverage.area_m2", "area_m2"),
    ("coverage.area_served_m2", "area_served_m2"),
    ("coverage.area_share", "area_share"),
    ("coverage.facilities", "facilities"),
    ("coverage.people_per_facility", "people_per_facility"),
    ("coverage.mean_radius_m", "mean_radius_m"),
    ("coverage.amount_per_person", "amount_per_person"),
    ("coverage.mean_distance", "distance_mean"),
    ("coverage.median_distance", "distance_median"),
    ("coverage.p90_distance", "distance_p90"),
    ("coverage.largest_distance", "distance_max"),
)
GAP_COLUMNS = (
    ("coverage.rank", "rank"),
    ("coverage.unit", "unit"),
    ("coverage.people", "people"),
    ("coverage.places", "places"),
    ("coverage.area_m2", "area_m2"),
)
FACILITY_COLUMNS = (
    ("coverage.code", "code"),
    ("coverage.name", "name"),
    ("coverage.unit", "unit"),
    ("coverage.own_reach", "reach"),
    ("coverage.capacity", "capacity"),
    ("coverage.people", "people"),
    ("coverage.places", "places"),
)
SITE_COLUMNS = (
    ("coverage.rank", "rank"),
    ("coverage.name", "name"),
    ("coverage.gain", "gain"),
    ("coverage.cumulative", "cumulative"),
)


def list_tables(found: Found, series: Sequence[Found], language: Language) -> list[TableSheet]:
    """Every table of a run; those with nothing in them are left out."""
    tables: Mapping[str, Callable[[], Sequence[Row]]] = {
        "coverage.by_unit": lambda: list_units(found, language),
        "coverage.targets_sheet": lambda: list_targets(found, language),
        "coverage.gaps_sheet": lambda: list_features(found["gaps"], GAP_COLUMNS, language),
        "coverage.distances_sheet": lambda: list_distances(found, language),
        "coverage.facilities": lambda: list_facilities(found, language),
        "coverage.sites_sheet": lambda: list_features(found["sites"], SITE_COLUMNS, language),
        "coverage.series": lambda: list_series(series, language),
        "coverage.parameters": lambda: list_facts(found, language),
    }
    made = [TableSheet(say(key, language), make()) for key, make in tables.items()]
    return [each for each in made if each.rows]


def say(key: str, language: Language) -> str:
    """The words of a key."""
    return WORDS[key].get_in(language)


def list_units(found: Found, language: Language) -> list[Row]:
    """Each unit, what lies in none, and last the city."""
    units = [each["properties"] for each in found["units"]["features"]]
    return [to_unit_row(each, language) for each in (*units, found["city"])]


def to_unit_row(figures: Found, language: Language) -> Row:
    """The figures of one unit; the answer to each of its targets."""
    names = {"city": "coverage.city", "outside": "coverage.outside"}
    name = figures["name"] if figures["scope"] == "unit" else say(names[figures["scope"]], language)
    row = {say("coverage.code", language): figures["code"], say("coverage.unit", language): name}
    row |= {say(key, language): figures[column] for key, column in UNIT_COLUMNS}
    answers = [
        f"{each['title'][language]}: {say('coverage.' + each['answer'], language)}" for each in figures["targets"]
    ]
    return {**row, say("coverage.targets_sheet", language): "; ".join(answers) or None}


def list_targets(found: Found, language: Language) -> list[Row]:
    """What is asked of the city, what was found, and where the number comes from."""
    unit = charts.get_unit(found)
    return [
        {
            say("coverage.target", language): each["title"][language],
            say("coverage.asked", language): charts.show_asked(each, unit, language),
            say("coverage.found", language): each["found"],
            say("coverage.answer", language): say(f"coverage.{each['answer']}", language),
            say("source", language): each["source"],
            say("clause", language): each["clause"],
            say("coverage.verified", language): each["verified"],
        }
        for each in found["city"]["targets"]
    ]


def list_features(collection: Found, columns: Sequence[tuple[str, str]], language: Language) -> list[Row]:
    """Features with some of their properties and the middle of their place."""
    return [
        {**{say(key, language): each["properties"][column] for key, column in columns}, **to_lonlat(each["geometry"])}
        for each in collection["features"]
    ]


def list_facilities(found: Found, language: Language) -> list[Row]:
    """Facilities with what state they are in, in words."""
    rows = list_features(found["facilities"], FACILITY_COLUMNS, language)
    states = [say(f"coverage.{each['properties']['state']}", language) for each in found["facilities"]["features"]]
    return [{**row, say("coverage.state", language): state} for row, state in zip(rows, states, strict=True)]


def list_distances(found: Found, language: Language) -> list[Row]:
    """People and places by distance, over the whole city."""
    return [
        {
            say("coverage.over", language): each["from"],
            say("coverage.up_to", language): each["to"],
            say("coverage.people", language): each["people"],
            say("coverage.places", language): each["places"],
        }
        for each in found["city"]["classes"]
    ]


def list_series(series: Sequence[Found], language: Language) -> list[Row]:
    """The official runs, newest first."""
    return [
        {
            say("number", language): each["id"],
            say("coverage.period", language): each["period_title"][language] if each["period_title"] else None,
            say("coverage.day", language): each["day"],
            **{say(key, language): each["city"][column] for key, column in UNIT_COLUMNS},
        }
        for each in series
    ]


def list_facts(found: Found, language: Language) -> list[Row]:
    """How the run was made, so that it can be made again: a name and a value a line."""
    run, service = found["run"], found["service"]
    facts = {
        say("coverage.service", language): f"{service['title'][language]} ({service['id']})",
        say("number", language): run["id"],
        say("as_of", language): run["finished_at"],
        say("coverage.method", language): run["method_title"][language],
        say("coverage.demand", language): run["demand_title"][language],
        say("coverage.level", language): f"{run['level_title'][language]}, {run['day']}",
        say("coverage.what_if", language): "; ".join(run["what_if"][language]) or None,
        say("coverage.standard", language): telling.tell_origin(service, language),
        say("coverage.verified", language): service["verified"],
        **{each["title"][language]: each["value"] for each in run["told"]},
        **{
            f"{each['title'][language]}, {say('coverage.revision', language)}": each["revision"] for each in run["data"]
        },
        say("coverage.parameters", language): json.dumps(run["parameters"], ensure_ascii=False, sort_keys=True),
    }
    heads = (say("coverage.fact", language), say("coverage.value", language))
    return [dict(zip(heads, each, strict=True)) for each in facts.items()]
