"""What is known of a department's files: how each kind of them is read, said once and used again.

A profile counts as said: the coordinate system, axes and encodings it names need no further word. What is said of one
import goes before it. `profile_files` reads and writes them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TypeVar

from gis_infra.catalogue.names import fold
from gis_infra.transfer.planning import ImportPlan
from gis_infra.transfer.request import Reading

T = TypeVar("T")
KEPT_OUT = ""  # the field of a column that is kept out of every field
SUFFIX = re.compile(r"\.(?:shp|zip|tab|mif|dxf|csv|kml|gpkg|geojson|json|fgb)$", re.IGNORECASE)
LONG_NUMBER = re.compile(r"\d{4,}")  # a year or a day in a file's name, which the next delivery will not have


@dataclass(frozen=True)
class ProfileEntry:
    """How one kind of file is read.

    source: pattern of the source layer's name, "ong_*"; marks, case and separators do not count. layer: of the city.
    The rest as in `Reading`.
    """

    source: str
    layer: str
    crs: str | None = None
    swap_xy: bool = False
    encoding: str | None = None
    encodings: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Profile:
    """What is known of the files of one department. owner: of the rows that name none."""

    name: str
    title: str = ""
    department: str | None = None
    owner: str | None = None
    entries: tuple[ProfileEntry, ...] = ()


def find_entry(profile: Profile, source_layer: str) -> ProfileEntry | None:
    """The first entry whose pattern fits the source layer, None if there is none.

    source_layer: its name, with or without folder and ending: "2024/Ống cấp nước.shp".
    """
    key = fold_pattern(strip_name(source_layer))
    return next((each for each in profile.entries if fnmatchcase(key, fold_pattern(each.source))), None)


def strip_name(source_layer: str) -> str:
    """The name of a source layer without folder, file of several layers, and ending."""
    return SUFFIX.sub("", PurePosixPath(source_layer).name.rpartition(":")[2])


def fold_pattern(pattern: str) -> str:
    """A pattern as it is compared: folded, its * and ? as they are."""
    return "".join(part if part in ("*", "?") else fold(part) for part in re.split(r"([*?])", pattern))


def to_reading(entry: ProfileEntry) -> Reading:
    """An entry as what is said of a file; columns it names may be missing in the file."""
    return Reading(
        crs=entry.crs,
        swap_xy=entry.swap_xy,
        encoding=entry.encoding,
        encodings=entry.encodings,
        mapping=entry.mapping,
        units=entry.units,
        codes=entry.codes,
        remembered=frozenset((*entry.mapping, *entry.units, *entry.codes, *entry.encodings)),
    )


def merge(known: Reading, said: Reading) -> Reading:
    """What a profile knows and what is said of this one file; where both speak, what is said wins.

    A coordinate system that is said goes with its own order of axes, and a field that is said takes no other column.
    """
    claimed = {name for name in said.mapping.values() if name}
    mapping = {column: KEPT_OUT if name in claimed else name for column, name in known.mapping.items()}
    encodings = {} if said.encoding is not None else known.encodings
    merged = {
        "mapping": add_said(mapping, said.mapping),
        "units": add_said(known.units, said.units),
        "encodings": add_said(encodings, said.encodings),
    }
    codes = {column: {**dict(find_said(known.codes, column) or {}), **values} for column, values in said.codes.items()}
    named = {fold(column) for column in (*said.mapping, *said.units, *said.codes, *said.encodings)}
    return replace(
        said,
        crs=said.crs or known.crs,
        swap_xy=said.swap_xy or (known.swap_xy and said.crs is None),
        encoding=said.encoding or known.encoding,
        mapping=merged["mapping"],
        units=merged["units"],
        encodings=merged["encodings"],
        codes=add_said(known.codes, codes),
        remembered=frozenset(column for column in known.remembered if fold(column) not in named),
    )


def add_said(known: Mapping[str, T], said: Mapping[str, T]) -> dict[str, T]:
    """What is known of columns but not said again, and what is said."""
    named = {fold(column) for column in said}
    return {**{column: value for column, value in known.items() if fold(column) not in named}, **said}


def find_said(known: Mapping[str, T], column: str) -> T | None:
    """What is known of a column, None if nothing is."""
    return next((value for name, value in known.items() if fold(name) == fold(column)), None)


def profile_of(plan: ImportPlan, known: Profile) -> Profile:
    """A profile with the plan of an import that went well, so that the next file of that kind is read in the same way.

    known: the profile so far; an entry for the same layer whose pattern fits is brought up to date, else one is added.
    """
    found = find_entry(known, plan.source.layer)
    entry = entry_of(plan)
    if found is None or found.layer != entry.layer:
        return replace(known, entries=(*known.entries, entry))
    kept = replace(entry, source=found.source)
    return replace(known, entries=tuple(kept if each is found else each for each in known.entries))


def entry_of(plan: ImportPlan) -> ProfileEntry:
    """How the file of a plan is read; a year or a day in its name is left open."""
    columns, differing = plan.mapped.columns, plan.text.columns if plan.text is not None else {}
    said_to_keep = {each.column: KEPT_OUT for each in columns if each.field is None and each.reason == "as asked"}
    orders = {each.column: "mm/dd/yyyy" for each in columns if each.date_order == "mdy"}
    return ProfileEntry(
        source=LONG_NUMBER.sub("*", plan.source.layer),
        layer=plan.layer.id,
        crs=f"EPSG:{plan.srid}",
        swap_xy=plan.crs.swap_xy,
        encoding=plan.text.encoding.name if plan.text is not None else None,
        encodings={plan.names[theirs]: each.name for theirs, each in differing.items() if theirs in plan.names},
        mapping={each.column: each.field.name for each in columns if each.field is not None} | said_to_keep,
        units={each.column: each.unit for each in columns if each.unit is not None} | orders,
        codes={each.column: each.codes for each in columns if each.codes},
    )
