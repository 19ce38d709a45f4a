"""Where a new migration goes: its number and file name, date first, after all that are there."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from gis_infra.catalogue.names import fold_alias

# Alembic keeps the revision in 32 characters, so the title stands in the file's name only.
REVISION = "{day:%Y_%m_%d}_{number:02}"
SLUG_LIMIT = 40


def choose_revision(day: date, names: Iterable[str]) -> str:
    """The next free number of that day, such as "2026_11_23_03". names: file names that are there."""
    taken = [int(found[1]) for name in names if (found := re.match(f"{day:%Y_%m_%d}_(\\d+)", name))]
    return REVISION.format(day=day, number=max(taken, default=0) + 1)


def name_file(folder: Path, revision: str, title: str) -> Path:
    """The file of a migration: its revision and its title in plain letters."""
    slug = fold_alias(title)[:SLUG_LIMIT].strip("_")
    return folder / (f"{revision}_{slug}.py" if slug else f"{revision}.py")
