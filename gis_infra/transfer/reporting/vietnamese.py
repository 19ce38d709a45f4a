"""What the importer says, in Vietnamese: for the report a surveyor sends on, and for whoever imports on the map."""

import re
from collections.abc import Mapping

from gis_infra.transfer.reporting.phrases.files import FILES
from gis_infra.transfer.reporting.phrases.imports import IMPORTS
from gis_infra.transfer.reporting.phrases.readings import COLUMNS, SYSTEMS, TEXT
from gis_infra.transfer.reporting.phrases.rows import ROWS

# What the rows say is looked for first: there is most of it.
TABLES: tuple[Mapping[str, str], ...] = (ROWS, COLUMNS, SYSTEMS, TEXT, IMPORTS, FILES)
GROUP = re.compile(r"\\(\d)|\{(\d)\}")
BETWEEN = "; "
LONGEST = 1000  # letters; what is longer holds a list of names, and matching it would take its time


def translate(words: str) -> str | None:
    """What the importer said, in Vietnamese; None if it is in no table. Of clauses joined by ";" what is known."""
    if len(words) > LONGEST:
        return None
    for table in TABLES:
        for pattern, said in table.items():
            if match := re.compile(pattern, re.DOTALL).fullmatch(words):
                return GROUP.sub(lambda group: fill(match, group), said)
    return translate_clauses(words)


def fill(match: re.Match[str], group: re.Match[str]) -> str:
    """What stands for a group in what is said instead: as it was, or translated in its turn."""
    whole = match[int(group[1] or group[2])] or ""
    return whole if group[1] else (translate(whole) or whole)


def translate_clauses(words: str) -> str | None:
    """Clauses joined by ";", each by itself; None if there is only one, or none is known."""
    first, between, rest = words.partition(BETWEEN)
    if not between:
        return None
    said = (translate(first), translate(rest))
    return None if said == (None, None) else f"{said[0] or first}{BETWEEN}{said[1] or rest}"
