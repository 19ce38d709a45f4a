"""The charts of a run of coverage: people by distance, and each unit beside what is asked of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from gis_infra.catalogue.definitions import Language
from gis_infra.reports import numbers
from gis_infra.reports.charts.bars import MOST, Bar, Bars, render_bars
from gis_infra.reports.charts.histogram import DistanceClass, Histogram, render_histogram
from gis_infra.reports.words import WORDS

Found = Mapping[str, Any]
DISTANCES = ("mean_distance", "median_distance", "p90_distance", "largest_distance")
# Of these less is better, so the largest stands first.
LESS_IS_BETTER = (*DISTANCES, "mean_radius_m", "people_per_facility")


def draw_charts(found: Found, language: Language) -> dict[str, Markup]:
    """The charts there is something to draw of, by name: `histogram`, `bars`."""
    charts = {"histogram": draw_histogram(found, language), "bars": draw_bars(found, language)}
    return {name: chart for name, chart in charts.items() if chart is not None}


def draw_histogram(found: Found, language: Language) -> Markup | None:
    """People (places where the demand has no people) by distance; None where the method knows no distance."""
    classes = found["city"]["classes"]
    if not classes or not any(each["people"] for each in classes):
        return None
    # What a demand counts, buildings say, stands among the people: one each.
    counted = "people" if found["main_share"] == "people_share" else "places"
    distance = found["run"]["distance"]
    words = WORDS["coverage.histogram" if counted == "people" else "coverage.histogram_places"].get_in(language)
    chart = Histogram(
        classes=tuple(DistanceClass(each["from"], each["to"], each["people"]) for each in classes),
        limit=None if distance is None else distance["value"],
        unit="m" if distance is None else distance["unit"],
        axis=WORDS[f"coverage.{counted}"].get_in(language),
        title=words,
    )
    return render_histogram(chart, language)


def draw_bars(found: Found, language: Language) -> Markup | None:
    """Each unit's figure of a target, worst first, or its share served where nothing is asked. None: no units."""
    indicator = choose_indicator(found)
    bars = sort_bars([make_bar(each, indicator, found, language) for each in list_units(found)], indicator)
    if not bars:
        return None
    title = describe_bars(found, language)
    asked = [each for each in found["city"]["targets"] if each["indicator"] == indicator]
    lines = [line for each in asked for line in list_lines(each, get_unit(found), language)]
    return render_bars(Bars(tuple(bars), tuple(lines), title, 1.0 if indicator.endswith("_share") else None))


def choose_indicator(found: Found) -> str:
    """What the bars show: what the first target that units are asked to meet speaks of, else the share served."""
    asked = [target["indicator"] for unit in list_units(found) for target in unit["targets"]]
    return asked[0] if asked else str(found["main_share"])


def list_units(found: Found) -> list[Found]:
    """The figures of each unit, without those of what lies in none."""
    return [each["properties"] for each in found["units"]["features"] if each["properties"]["scope"] == "unit"]


def describe_bars(found: Found, language: Language) -> str:
    """What the bars show, and of how many units."""
    title = WORDS[f"coverage.{choose_indicator(found)}"].get_in(language)
    is_asked = any(unit["targets"] for unit in list_units(found))
    words = WORDS["coverage.bars" if is_asked else "coverage.map_shares"].get_in(language)
    words = words.format(indicator=title, share=title)
    units = len(list_units(found))
    if units <= MOST:
        return words
    return f"{words}; {WORDS['coverage.bars_some'].get_in(language).format(shown=MOST, all=units)}"


def get_unit(found: Found) -> str:
    """What the distances of a run are in, "m" or "min"."""
    distance = found["run"]["distance"]
    return "m" if distance is None else str(distance["unit"])


def make_bar(unit: Found, indicator: str, found: Found, language: Language) -> Bar:
    """One unit's bar; of a target it is asked to meet, whether it misses that."""
    target = next((each for each in unit["targets"] if each["indicator"] == indicator), None)
    value = unit.get(COLUMNS.get(indicator, indicator)) if target is None else target["found"]
    shown = show_indicator(indicator, value, get_unit(found), language)
    return Bar(unit["name"] or unit["code"], value, shown, target is not None and target["answer"] == "missed")


# Where the figures of a unit have another name than the indicator.
COLUMNS: Mapping[str, str] = {
    "mean_distance": "distance_mean",
    "median_distance": "distance_median",
    "p90_distance": "distance_p90",
    "largest_distance": "distance_max",
}


def sort_bars(bars: Sequence[Bar], indicator: str) -> list[Bar]:
    """Worst first; what is not known last."""
    sign = -1 if indicator in LESS_IS_BETTER else 1
    return sorted(bars, key=lambda each: (each.value is None, sign * (each.value or 0.0), each.name))


def list_lines(target: Found, unit: str, language: Language) -> list[tuple[float, str]]:
    """What a target asks of the city, as lines of a chart."""
    asked = [each for each in (target["least"], target["most"]) if each is not None]
    return [(each, show_indicator(target["indicator"], each, unit, language)) for each in asked]


def show_asked(target: Found, unit: str, language: Language) -> str:
    """What a target asks, in words."""
    parts = [
        WORDS[f"coverage.{side}"]
        .get_in(language)
        .format(value=show_indicator(target["indicator"], target[side], unit, language))
        for side in ("least", "most")
        if target[side] is not None
    ]
    return ", ".join(parts) or numbers.NONE


def show_indicator(indicator: str, value: float | None, unit: str, language: Language) -> str:
    """The value of an indicator with its unit."""
    if indicator.endswith("_share"):
        return numbers.show_share(value, language)
    if indicator in DISTANCES:
        return numbers.show_way(value, unit, language)
    if indicator == "mean_radius_m":
        return numbers.show_way(value, "m", language)
    return numbers.show_number(value, language, 2 if indicator == "amount_per_person" else 0)
