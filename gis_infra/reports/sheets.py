"""Features as a workbook for a spreadsheet: one line each under headings in words, ready to sort and filter.

A cell never is a formula or a link, whatever somebody wrote into an attribute.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
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
MEASURED = 200  # lines that say how wide columns are


def write_workbook(path: Path, features: Iterable[Feature], catalogue: Catalogue, language: Language) -> int:
    """Write features as the one sheet of an .xlsx file and return how many; the first line stays in sight and filters.

    Layers, answers and states are in words. Raises InvalidParameter for more lines than a sheet holds.
    """
    rows = (to_row(each, catalogue, language) for each in features)
    try:
        # A line is written out when the next one begins, beside the file it will be in.
        streamed = {**PLAIN, "constant_memory": True, "tmpdir": str(path.parent)}
        with xlsxwriter.Workbook(path, streamed) as book:
            return fill_sheet(book, rows, language)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise InvalidParameter(f"{path} cannot be written: {error}", where=str(path)) from error


def fill_sheet(book: Any, rows: Iterator[Mapping[str, Any]], language: Language) -> int:
    """The sheet with its headings and lines; returns how many lines. Raises InvalidParameter for too many."""
    first = list(islice(rows, MEASURED))
    names = list(first[0]) if first else ["id"]
    sheet = book.add_worksheet("conflict")
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    metres = book.add_format({"num_format": "0.000"})
    for at, name in enumerate(names):
        widest = max([len(name) // 2, *(len(str(row[name])) for row in first if row[name] is not None)])
        sheet.set_column(at, at, min(max(widest + 2, 9), WIDEST), metres if name.endswith("_m") else None)
        sheet.write_string(0, at, head(name, language), heading)
    line = 0
    for line, row in enumerate(chain(first, rows), start=1):
        if line > MOST_LINES:
            raise InvalidParameter(f"a sheet holds {MOST_LINES:,} lines, these are more; narrow what is asked for")
        for at, name in enumerate(names):
            write_cell(sheet, line, at, row[name])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line, 1), len(names) - 1)
    return line


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
