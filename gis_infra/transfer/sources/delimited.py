"""The form of a table of text (.csv, .tsv, .txt): what separates its values, what its columns are called.

Spreadsheets write the separator of the machine's country, so it is found by which one splits the first lines evenly.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.geojson import UTF_16, transcode
from gis_infra.transfer.sources.staging import Part, read_head

SEPARATORS = ";,\t|"
TOLD = {"\t": "tab"}
SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 50
MOST_COLUMNS = 2_000
SAYS_SEPARATOR = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*")


@dataclass(frozen=True)
class Form:
    """How a table is written.

    path: of a copy in UTF-8 where the file is in UTF-16. separator: one letter. header: the names of the columns as
    the file has them, as letters of ISO-8859-1 unless `is_unicode`; names: the same, each once. lines: how many lines
    come before the first row. rows: the first of them.
    """

    path: Path
    separator: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    lines: int
    is_unicode: bool
    rows: tuple[tuple[str, ...], ...]

    @property
    def encoding(self) -> str:
        """Python's name of how to read it."""
        return "utf-8" if self.is_unicode else "latin-1"


def find_form(part: Part, folder: Path) -> Form:
    """How a table of text is written. folder: where a copy is put if one is needed.

    Raises InvalidSource if it holds no text, or no line that names its columns.
    """
    head = read_head(part, SAMPLE_BYTES)
    path = part.path
    is_unicode = head.startswith((codecs.BOM_UTF8, *UTF_16))
    if head.startswith(UTF_16):
        path = transcode(part, folder / "table.csv", "utf-16")
        head = read_head(Part(part.name, path), SAMPLE_BYTES)
    text = decode(part, head, is_unicode=is_unicode)
    said = SAYS_SEPARATOR.match(text.split("\n", 1)[0])
    lines_before = 1 if said is not None else 0
    body = text.split("\n", 1)[1] if said is not None and "\n" in text else text
    separator = said[1] if said is not None else find_separator(body)
    header, lines, rows = read_rows(body, separator)
    require_header(part, header)
    return Form(path, separator, header, name_columns(header), lines_before + lines, is_unicode, rows)


def decode(part: Part, head: bytes, *, is_unicode: bool) -> str:
    """The first lines as text, without the mark of Unicode. Raises InvalidSource for what holds no text."""
    if b"\x00" in head:
        raise InvalidSource(f"{part.name} is not a table of text: it holds zero bytes", where=part.name)
    if is_unicode:
        return head.decode("utf-8", errors="ignore").removeprefix("\ufeff")
    return head.decode("latin-1")


def find_separator(text: str) -> str:
    """What splits the first lines most evenly into as many columns as the first names; a comma if nothing splits it.

    A table of one column may still hold shapes as text.
    """
    best, most = ",", (0.0, 1)
    for separator in SEPARATORS:
        header, _, rows = read_rows(text, separator)
        even = sum(len(row) == len(header) for row in rows) / max(len(rows), 1)
        if len(header) > 1 and (even, len(header)) > most:
            best, most = separator, (even, len(header))
    return best


def read_rows(text: str, separator: str) -> tuple[tuple[str, ...], int, tuple[tuple[str, ...], ...]]:
    """The header, how many lines it takes, and the first rows; a last row that may be cut is left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: list[tuple[str, ...]] = []
    lines = 0
    try:
        for row in reader:
            if not row and not found:
                continue
            found.append(tuple(row))
            lines = lines or reader.line_num
            if len(found) > SAMPLE_ROWS:
                break
    except csv.Error:  # a value longer than the reader takes; the rows before it are enough
        pass
    is_cut = len(text) >= SAMPLE_BYTES and len(found) <= SAMPLE_ROWS and len(found) > 2
    rows = found[1:-1] if is_cut else found[1:]
    return (found[0] if found else ()), lines, tuple(row for row in rows if any(row))


def require_header(part: Part, header: Sequence[str]) -> None:
    """Return if a first line names columns. Raises InvalidSource, which shows what it has."""
    if len(header) > MOST_COLUMNS:
        raise InvalidSource(f"{part.name} has {len(header):,} columns; {MOST_COLUMNS:,} are read", where=part.name)
    if not any(each.strip() for each in header) or all(
        NUMBER.fullmatch(each.strip()) for each in header if each.strip()
    ):
        shown = ", ".join(header)[:60]
        message = f"{part.name} does not name its columns: its first line is {shown!r}; add a line of names above it"
        raise InvalidSource(message, where=part.name)


def name_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, each once: those without one by their place, those again with a number."""
    names: list[str] = []
    for place, title in enumerate(header, start=1):
        name = title.strip() or f"column_{place}"
        number = 2
        while name in names:
            name = f"{title.strip() or f'column_{place}'}_{number}"
            number += 1
        names.append(name)
    return tuple(names)
