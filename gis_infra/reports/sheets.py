"""Features as a workbook for a spreadsheet: one line each under headings in words, ready to sort and filter.

A cell never is a formula or a link, whatever somebody wrote into an attribute.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.errors import InvalidParameter
from gis_infra.reports.files import Feature, flatten, to_lonlat
from gis_infra.reports.words import WORDS

PLAIN: Mapping[str, bool] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
WIDEST = 50  # letters
LONGEST_CELL = 32_767  # letters; Excel holds no more
MOST_LINES = 1_000_000


def write_workbook(path: Path, features: Sequence[Feature], catalogue: Catalogue, language: Language) -> None:
    """Write features as the one sheet of an .xlsx file; the first line stays in sight and filters.

    Layers, answers and states are in words. Raises InvalidParameter for more lines than a sheet holds.
    """
    if len(features) > MOST_LINES:
        raise InvalidParameter(f"a sheet holds {MOST_LINES} lines, these are {len(features)}; narrow what is asked for")
    rows = [to_row(each, catalogue, language) for each in features]
    names = list(rows[0]) if rows else ["id"]
    try:
        with xlsxwriter.Workbook(path, dict(PLAIN)) as book:
            fill_sheet(book, names, rows, language)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise InvalidParameter(f"{path} cannot be written: {error}", where=str(path)) from error


def fill_sheet(book: Any, names: Sequence[str], rows: Sequence[Mapping[str, Any]], language: Language) -> None:
    """The sheet with its headings and lines."""
    sheet = book.add_worksheet("conflict")
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    metres = book.add_format({"num_format": "0.000"})
    for at, name in enumerate(names):
        widest = max([len(name) // 2, *(len(str(row[name])) for row in rows[:200] if row[name] is not None)])
        sheet.set_column(at, at, min(max(widest + 2, 9), WIDEST), metres if name.endswith("_m") else None)
        sheet.write_string(0, at, head(name, language), heading)
    for line, row in enumerate(rows, start=1):
        for at, name in enumerate(names):
            write_cell(sheet, line, at, row[name])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


def write_cell(sheet: Any, line: int, at: int, value: object) -> None:
    """One value as what it is; nothing for none."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, at, value)
    else:
        sheet.write_string(line, at, str(value)[:LONGEST_CELL])


def to_row(feature: Feature, catalogue: Catalogue, language: Language) -> dict[str, Any]:
    """The attributes of a feature as a line: titles in one language, codes in words, and its place."""
    row: dict[str, Any] = {}
    for name, value in feature["properties"].items():
        if isinstance(value, Mapping) and set(value) == {"vi", "en"}:
            row[name] = value[language]
        else:
            row[name] = to_words(name, value, catalogue, language)
    return {**flatten(row), **to_lonlat(feature["geometry"])}


def to_words(name: str, value: Any, catalogue: Catalogue, language: Language) -> Any:
    """A code in words; other values as they are."""
    if name.endswith("_layer") and value in catalogue.layers:
        return catalogue.layers[value].title.get_in(language)
    if name in ("severity", "status", "side") and f"{name}.{value}" in WORDS:
        return WORDS[f"{name}.{value}"].get_in(language)
    return value


HEADS: Mapping[str, str] = {
    "id": "number",
    "rule_title": "rule",
    "severity": "severity",
    "status": "status",
    "required_m": "required",
    "distance_m": "found",
    "accuracy_m": "accuracy",
    "vertical_m": "vertical",
    "length_m": "length",
    "street": "street",
    "clause": "clause",
    "source": "source",
    "legal_basis": "legal_basis",
    "assignee": "assignee",
    "due_on": "due_on",
    "reason": "reason",
    "found_on": "found_on",
    "side": "side",
    "owner": "owner",
}
SIDES: Mapping[str, str] = {"left": "A", "right": "B"}
PARTS: Mapping[str, str] = {"layer": "layer", "code": "code", "owner": "owner"}


def head(name: str, language: Language) -> str:
    """The heading of a column: words where there are some, else the attribute's name."""
    side, _, part = name.partition("_")
    if side in SIDES and part in PARTS:
        return f"{SIDES[side]}: {WORDS[PARTS[part]].get_in(language)}"
    if name not in HEADS:
        return name
    unit = " (m)" if name.endswith("_m") else ""
    return WORDS[HEADS[name]].get_in(language) + unit
