"""The report of a month, half a year or a year to print: one page that fetches nothing."""

from collections.abc import Mapping
from typing import Any

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.reports import numbers
from gis_infra.reports.board.charts import draw_charts
from gis_infra.reports.coverage import charts
from gis_infra.reports.pages import render_page

Found = Mapping[str, Any]


def render_period(found: Found, catalogue: Catalogue, language: Language) -> str:
    """An HTML page on a period. found: as `gathering.gather_period` gives it."""
    values = {
        "found": found,
        "charts": {each["id"]: draw_charts(each, catalogue, language) for each in found["sectors"]},
        "size": lambda layer, size: show_size(layer, size, language),
        "change": lambda layer, size: show_change(show_size(layer, size, language), size),
        "count_change": lambda count: show_change(numbers.show_number(count, language), count),
        "asked": lambda run, target: charts.show_asked(target, run["unit"], language),
        "indicated": lambda run, target: show_found(run, target, language),
    }
    return render_page("period.html", catalogue, language, values)


def show_size(layer: Found, size: float, language: Language) -> str:
    """How long or large a layer is, "–" for points."""
    if layer["measure"] == "length":
        return numbers.show_length(size, language)
    if layer["measure"] == "area":
        return numbers.show_area(size, language) if size >= 0 else f"-{numbers.show_area(-size, language)}"
    return numbers.NONE


def show_change(shown: str, value: float) -> str:
    """A change with its sign, a true minus for less."""
    if not value or shown == numbers.NONE:
        return "0" if shown != numbers.NONE else shown
    return f"+{shown}" if value > 0 else shown.replace("-", "\u2212", 1)


def show_found(run: Found, target: Found, language: Language) -> str:
    """What was found of a target's indicator, with its unit."""
    return charts.show_indicator(target["indicator"], target["found"], run["unit"], language)
