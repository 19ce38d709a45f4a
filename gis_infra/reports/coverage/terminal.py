"""Runs of coverage as tables for a terminal, made of what JSON holds of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

from gis_infra.reports.coverage import charts
from gis_infra.reports.numbers import show_area, show_number, show_share, show_way
from gis_infra.reports.terminal import make_table

Found = Mapping[str, Any]
ANSWERS: Mapping[str, str] = {"met": "met", "missed": "MISSED", "not_known": "not known"}
SHARES = ("people_share", "places_share", "area_share")
NOT_COUNTED = "–"
CAUSES = ("came", "went", "changed", "newly", "no_longer")


def make_services_table(services: Iterable[Found]) -> Table:
    """Services and what the latest run of each found for the city."""
    table = make_table("service", "method", "reach", "people", "places", "area", "facilities", "targets", "last run")
    for service in services:
        run, reach = service["latest_run"], service["distance"]
        cells = list_shares(run) if run else ["", "", ""]
        facilities, answers = (count(run["city"]["facilities"]), name_answers(run["city"])) if run else ("", "")
        finished = f"{run['finished_at'][:10]} #{run['id']}" if run else "never run"
        way = "" if reach is None else show_way(reach["value"], reach["unit"], "en")
        table.add_row(service["id"], service["method"], way, *cells, facilities, answers, finished)
    return table


def list_shares(run: Found) -> list[str]:
    """The shares of people, places and area that a run found for the city; of people only where it counts them."""
    people, *others = (share(run["city"], name) for name in SHARES)
    return [people if counts_people(run) else NOT_COUNTED, *others]


def counts_people(run: Found) -> bool:
    """Whether the demand of a run is people, and not buildings, parcels or area."""
    return bool(run["main_share"] == SHARES[0])


def make_runs_table(runs: Iterable[Found]) -> Table:
    """Runs of a service, the newest first."""
    table = make_table("run", "finished", "what", "method", "people", "places", "area", "facilities", "targets")
    for run in runs:
        what = run["period_title"]["en"] if run["period_title"] else "; ".join(run["what_if"]["en"]) or run["title"]
        usual = "official" if run["official"] else ""
        cells = list_shares(run)
        city = run["city"]
        table.add_row(
            str(run["id"]), run["finished_at"][:16], what or usual, run["method"], *cells, count(city["facilities"]),
            name_answers(city),
        )  # fmt: skip
    return table


def make_units_table(found: Found) -> Table:
    """One run by unit, the city last."""
    table = make_table("code", "unit", "people served", "places served", "area served", "facilities", "targets")
    units = [each["properties"] for each in found["units"]["features"]]
    for each in (*units, found["city"]):
        name = {"city": "the city", "outside": "in no unit"}.get(each["scope"], each["name"])
        people = part(each, "people") if counts_people(found) else NOT_COUNTED
        parts = (people, part(each, "places"), share(each, "area_share"))
        table.add_row(each["code"] or "", name, *parts, count(each["facilities"]), name_answers(each))
    return table


def make_targets_table(found: Found) -> Table:
    """What is asked of the city and whether it is met; unverified numbers are marked."""
    unit = charts.get_unit(found)
    table = make_table("target", "asked", "found", "answer")
    for each in found["city"]["targets"]:
        mark = "" if each["verified"] else "*"
        seen = charts.show_indicator(each["indicator"], each["found"], unit, "en")
        table.add_row(each["title"]["en"], charts.show_asked(each, unit, "en") + mark, seen, ANSWERS[each["answer"]])
    return table


def make_sites_table(found: Found) -> Table:
    """Where next: the sites in their order."""
    table = make_table("rank", "longitude, latitude", "name", "newly served", "together")
    for each in found["sites"]["features"]:
        values, (longitude, latitude) = each["properties"], each["geometry"]["coordinates"][:2]
        place = f"{longitude:.6f}, {latitude:.6f}"
        gains = (count(values["gain"]), count(values["cumulative"]))
        table.add_row(str(values["rank"]), place, values["name"] or "", *gains)
    return table


def make_changes_table(found: Found) -> Table:
    """Two runs by unit: those served before and after, and what the difference consists of; the city last."""
    table = make_table("code", "unit", "before", "after", "difference", *(each.replace("_", " ") for each in CAUSES))
    units = [each["properties"] for each in found["units"]["features"]]
    for each in (*units, {**found["city"], "name": "the city"}):
        name = each["name"] or "in no unit"
        name += "" if each["state"] == "same" else f" ({each['state']})"
        difference = f"{each['served_after'] - each['served_before']:+,.0f}"
        before, after = (f"{count(each[f'served_{side}'])} ({share(each, f'share_{side}')})" for side in SIDES)
        table.add_row(each["code"] or "", name, before, after, difference, *(count(each[cause]) for cause in CAUSES))
    return table


SIDES = ("before", "after")


def make_schedules_table(schedules: Sequence[Found]) -> Table:
    """Services that are run when a period has ended."""
    table = make_table("service", "period", "since", "last period run", "next run")
    for each in schedules:
        days = [str(each[name] or "") for name in ("begun_on", "latest", "next_on")]
        table.add_row(each["service"], each["period"], *days)
    return table


def describe_gaps(found: Found, most: int = 3) -> str:
    """How many gaps there are, and the worst of them."""
    gaps = [each["properties"] for each in found["gaps"]["features"]]
    whom = "people" if counts_people(found) else "places"
    worst = ", ".join(
        f"{count(each[whom])} {whom} in {each['unit'] or 'no unit'} ({show_area(each['area_m2'], 'en')})"
        for each in gaps[:most]
    )
    number = found["gaps"]["numberMatched"]
    return f"{number:,} gaps{f'; worst: {worst}' if worst else ''}"


def name_answers(figures: Found) -> str:
    """The answers to the targets of a unit, in their order."""
    return ", ".join(ANSWERS[each["answer"]] for each in figures["targets"])


def part(figures: Found, name: str) -> str:
    """How many are served, of how many, and the share."""
    return f"{count(figures[f'{name}_served'])} of {count(figures[name])} ({share(figures, f'{name}_share')})"


def count(number: float | None) -> str:
    """A number with marks at its thousands."""
    return show_number(number, "en")


def share(figures: Found, name: str) -> str:
    """A share as per cent, a dash where there is nothing to serve."""
    return show_share(figures[name], "en")
