"""The report of a period as tables of plain cells, the figures of its page: what the sheets of a workbook hold."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gis_infra.catalogue.definitions import Language
from gis_infra.reports import numbers
from gis_infra.reports.board.layers import METRE_DECIMALS
from gis_infra.reports.board.report import show_found
from gis_infra.reports.coverage import charts
from gis_infra.reports.coverage.tables import TableSheet
from gis_infra.reports.pages import show_day
from gis_infra.reports.words import WORDS

Found = Mapping[str, Any]
Row = dict[str, Any]

UNITS = {"length": "m", "area": "m²", "none": None}
MOVES = (("before", "open_before"), ("opened", "opened"), ("settled", "settled"), ("after", "open_after"))
IMPORTS = (
    ("imports_count", "imports"),
    ("inserted", "inserted"),
    ("updated", "updated"),
    ("deleted", "deleted"),
    ("rejected", "rejected"),
    ("undone_count", "undone"),
)


class Sayings:
    """Words and titles in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def head(self, key: str, unit: str = "") -> str:
        """A heading of the board's words."""
        return WORDS[f"board.{key}"].get_in(self.language) + (f" ({unit})" if unit else "")

    def title(self, titles: Mapping[str, str]) -> str:
        """A title of the JSON form, {vi, en}."""
        return titles[self.language]


def list_tables(found: Found, language: Language) -> list[TableSheet]:
    """The tables of a period that hold anything, the one that says what it is of first.

    found: as `gathering.gather_period` gives it. Sizes are metres of lines and square metres of areas.
    """
    say = Sayings(language)
    makers: tuple[tuple[str, Callable[[Found, Sayings], Iterable[Row]]], ...] = (
        ("period", list_facts),
        ("layer", list_layers),
        ("breakdown", list_parts),
        ("moves", list_moves),
        ("coverage", list_targets),
        ("imports_period", list_imports),
        ("cameras", list_cameras),
    )
    tables = [TableSheet(say.head(name), list(make(found, say))) for name, make in makers]
    return [each for each in tables if each.rows]


def list_facts(found: Found, say: Sayings) -> Iterable[Row]:
    """What the report is of, for whom, and how it is computed."""
    period, reader = found["period"], found["reader"]
    told = (
        ("city_name", found["city"]),
        ("period", say.title(period["title"])),
        ("span_sheet", say.head("span").format(start=show_day(period["first"]), end=show_day(period["last"]))),
        ("made_on", show_day(found["as_of"])),
        ("source_sheet", say.head("source").format(city=found["city"])),
        ("of_whom", say.head("reader_public") if reader is None else say.head("reader").format(name=reader)),
        ("how", say.head("how_text")),
        *(() if found["is_over"] else (("how", say.head("still")),)),
    )
    return [{say.head("fact"): say.head(name), say.head("value"): value} for name, value in told]


def list_layers(found: Found, say: Sayings) -> Iterable[Row]:
    """Each layer as the period began and as it ended."""
    for sector in found["sectors"]:
        for layer in sector["layers"]:
            before = layer["before"]
            if not layer["features"] and not before["features"]:
                continue
            sizes = (before["size"], layer["size"]) if UNITS[layer["measure"]] else (None, None)
            yield {
                say.head("sector"): say.title(sector["title"]),
                say.head("layer"): say.title(layer["title"]),
                **compare(say, "features", (before["features"], layer["features"])),
                say.head("unit"): UNITS[layer["measure"]],
                **compare(say, "size", sizes),
            }


def compare(say: Sayings, name: str, values: tuple[float | None, float | None]) -> Row:
    """A figure as the period began, as it ended, and how it changed; three times nothing where there is none."""
    first, last = (None if each is None else round(each, METRE_DECIMALS) for each in values)
    change = None if first is None or last is None else round(last - first, METRE_DECIMALS)
    heads = (f"{say.head(name)}: {say.head(when)}" for when in ("before", "after", "change"))
    return dict(zip(heads, (first, last, change), strict=True))


def list_parts(found: Found, say: Sayings) -> Iterable[Row]:
    """Each class of each breakdown of each layer, as the period ended."""
    for sector in found["sectors"]:
        for layer in sector["layers"]:
            for name, parts in layer["parts"].items() if layer["features"] else ():
                for part in parts:
                    yield {
                        say.head("sector"): say.title(sector["title"]),
                        say.head("layer"): say.title(layer["title"]),
                        say.head("breakdown"): say.head(name),
                        say.head("class"): say.title(part["title"]),
                        say.head("features"): part["features"],
                        say.head("unit"): UNITS[layer["measure"]],
                        say.head("size"): part["size"] if UNITS[layer["measure"]] else None,
                    }


def list_moves(found: Found, say: Sayings) -> Iterable[Row]:
    """How conflicts moved, by sector, the city last."""
    named = [(say.title(each["title"]), each["moves"]) for each in found["sectors"]]
    for name, moves in (*named, (say.head("city"), found["moves"])):
        yield {say.head("sector"): name, **{say.head(head): moves[key] for head, key in MOVES}}


def list_targets(found: Found, say: Sayings) -> Iterable[Row]:
    """Each target of each service with what was found; a service that was never run has none."""
    heads = ("service", "target", "asked", "result", "answer", "computed_on", "verified")
    for service in (each for sector in found["sectors"] for each in sector["services"]):
        for values in list_answers(service, say):
            yield dict(zip(map(say.head, heads), (say.title(service["title"]), *values), strict=True))


def list_answers(service: Found, say: Sayings) -> Iterable[tuple[str | None, ...]]:
    """Target, what it asks, what was found, the answer, the day, whether its source was read; for each target."""
    run = service["run"]
    if run is None:
        return [(None, None, None, say.head("never"), None, None)]
    day = show_day(run["finished_at"])
    if not run["targets"]:
        return [(say.head("no_target"), None, numbers.show_share(run["share"], say.language), None, day, None)]
    return [
        (
            say.title(target["title"]),
            charts.show_asked(target, run["unit"], say.language),
            show_found(run, target, say.language),
            WORDS[f"coverage.{target['answer']}"].get_in(say.language),
            day,
            say.head("yes" if target["verified"] else "no"),
        )
        for target in run["targets"]
    ]


def list_imports(found: Found, say: Sayings) -> Iterable[Row]:
    """The imports of the period by layer; none for the public."""
    for each in found["imports"] or ():
        yield {
            say.head("layer"): say.title(each["layer_title"]),
            **{say.head(head): each[key] for head, key in IMPORTS},
        }


def list_cameras(found: Found, say: Sayings) -> Iterable[Row]:
    """The cameras in each state as the period ended."""
    cameras = found["cameras"]
    if not cameras or not cameras["total"]:
        return
    for state, count in cameras["states"].items():
        yield {say.head("state"): say.head(f"camera.{state}"), say.head("features"): count}
    yield {say.head("state"): say.head("sum"), say.head("features"): cameras["total"]}
