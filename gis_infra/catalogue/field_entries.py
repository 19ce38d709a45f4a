"""The `fields` of a layer file, and the universal ones, as `Field` values. Source: layers/README.md, "Fields"."""

import re
from collections.abc import Mapping
from typing import cast, get_args

from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from gis_infra.catalogue import code_entries, entries
from gis_infra.catalogue.definitions import Field, FieldType, Title
from gis_infra.catalogue.documents import Entry, Notes
from gis_infra.catalogue.units import UNITS

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
NAME_LIMIT = 32  # so that "<layer>_<field>_check" fits PostgreSQL's 63 bytes
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
FIELD_KEYS = (
    "description",
    "unit",
    "min",
    "max",
    "usual",
    "pattern",
    "max_length",
    "codes",
    "aliases",
    "required",
    "search",
)
KEYS_OF_TYPE: Mapping[str, frozenset[str]] = {
    "text": frozenset({"pattern", "max_length", "search"}),
    "integer": frozenset({"unit", "min", "max", "usual"}),
    "number": frozenset({"unit", "min", "max", "usual"}),
    "code": frozenset({"codes"}),
}
TYPE_KEYS = frozenset({"unit", "min", "max", "usual", "pattern", "max_length", "codes", "search"})
# A field of such a name could not be told from a column the program keeps, a member of a feature, or a parameter.
TAKEN_NAMES = (
    *("id", "fid", "gml_id", "geom", "geometry", "lonlat", "source_attributes"),
    *("type", "properties", "bbox", "crs", "datetime", "filter", "limit", "offset", "sortby", "f"),
    *("lang", "cursor", "after", "profile", "excel", "links", "place", "time"),
    *("service", "request", "version"),
)


def parse_fields(entry: Entry, taken: Mapping[str, Field], notes: Notes) -> tuple[Field, ...]:
    """The fields of a layer, in file order.

    taken: the universal fields, whose names a layer cannot use again; empty when they are themselves read.
    """
    pairs = entries.take_mapping(entry, "fields", notes)
    for name, value in pairs.items():
        if name in taken:
            notes.add(value.key_line, f"field {name!r} is universal: every layer has it, leave it out")
    return tuple(parse_field(name, value, notes) for name, value in pairs.items())


def parse_field(name: str, entry: Entry, notes: Notes, *, universal: bool = False) -> Field:
    """One field. With `universal` the key `system` is allowed too."""
    what = f"field {name!r}"
    require_name(name, what, entry.key_line, notes)
    optional = (*FIELD_KEYS, "system") if universal else FIELD_KEYS
    pairs = entries.take_mapping(entry, what, notes, required=("type", "title"), optional=optional)
    kind = entries.take_choice(pairs["type"], f"{what}: type", FIELD_TYPES, notes) if "type" in pairs else "text"
    refuse_keys_of_other_types(kind, pairs, what, notes)
    minimum, maximum = parse_bounds(kind, pairs, what, notes)
    codes = code_entries.parse_codes(kind, pairs, entry, notes, what)
    return Field(
        name=name,
        type=cast(FieldType, kind),
        title=entries.take_title(pairs["title"], f"{what}: title", notes) if "title" in pairs else Title("", ""),
        unit=entries.take_choice(pairs["unit"], f"{what}: unit", tuple(UNITS), notes) if "unit" in pairs else None,
        minimum=minimum,
        maximum=maximum,
        pattern=parse_pattern(pairs["pattern"], what, notes) if "pattern" in pairs else None,
        max_length=parse_length(pairs, what, notes),
        usual=parse_usual(pairs, minimum, maximum, what, notes),
        codes=codes,
        code_synonyms=code_entries.parse_synonyms(pairs.get("codes"), codes, what, notes),
        aliases=parse_aliases(pairs["aliases"], what, notes) if "aliases" in pairs else (),
        required=entries.take_flag(pairs["required"], f"{what}: required", notes) if "required" in pairs else False,
        search=entries.take_flag(pairs["search"], f"{what}: search", notes) if "search" in pairs else False,
        universal=universal,
        system=entries.take_flag(pairs["system"], f"{what}: system", notes) if "system" in pairs else False,
        description=parse_description(pairs, what, notes),
    )


def parse_description(pairs: Mapping[str, Entry], what: str, notes: Notes) -> Title | None:
    """What the field means, where its title is not enough; None if nothing is said."""
    if "description" not in pairs:
        return None
    return entries.take_title(pairs["description"], f"{what}: description", notes)


def require_name(name: str, what: str, line: int, notes: Notes) -> None:
    """Note a name that cannot be a column in plain SQL, or that means something else in a request."""
    if not NAME.fullmatch(name) or len(name) > NAME_LIMIT:
        notes.add(line, f"{what} must be lower-case words joined by _, at most {NAME_LIMIT} characters")
    elif name in RESERVED_WORDS:
        notes.add(line, f"{what} is a reserved word of SQL")
    elif name in TAKEN_NAMES:
        notes.add(line, f"{what} is a name the services use themselves")


def refuse_keys_of_other_types(kind: str, pairs: Mapping[str, Entry], what: str, notes: Notes) -> None:
    """Note keys that mean nothing for this type, such as a unit on a text."""
    for key in sorted(TYPE_KEYS - KEYS_OF_TYPE.get(kind, frozenset())):
        if key in pairs:
            notes.add(pairs[key].key_line, f"{what}: {key!r} does not apply to type {kind}")


def parse_bounds(kind: str, pairs: Mapping[str, Entry], what: str, notes: Notes) -> tuple[float | None, float | None]:
    """The least and greatest value allowed, None where open."""
    bounds = {key: entries.take_number(pairs[key], f"{what}: {key}", notes) for key in ("min", "max") if key in pairs}
    if kind == "integer":
        for key, value in bounds.items():
            if not isinstance(value, int):
                notes.add(pairs[key].line, f"{what}: {key} of an integer must be whole, got {value}")
    minimum, maximum = bounds.get("min"), bounds.get("max")
    if minimum is not None and maximum is not None and minimum >= maximum:
        notes.add(pairs["max"].line, f"{what}: max {maximum} must be above min {minimum}")
    return minimum, maximum


def parse_pattern(entry: Entry, what: str, notes: Notes) -> str:
    """A regular expression for the whole value, of the kind Python, PostgreSQL and JSON Schema read alike."""
    pattern = entries.take_text(entry, f"{what}: pattern", notes)
    if not (pattern.startswith("^") and pattern.endswith("$")):
        notes.add(entry.line, f"{what}: pattern must stand between ^ and $, got {pattern!r}")
    try:
        re.compile(pattern)
    except re.error as error:
        notes.add(entry.line, f"{what}: pattern is not a regular expression: {error}")
    return pattern


def parse_length(pairs: Mapping[str, Entry], what: str, notes: Notes) -> int | None:
    """The most characters a text may have, None if it is not bounded."""
    if "max_length" not in pairs:
        return None
    return entries.take_whole(pairs["max_length"], f"{what}: max_length", notes, 1, 100_000)


def parse_usual(
    pairs: Mapping[str, Entry], minimum: float | None, maximum: float | None, what: str, notes: Notes
) -> tuple[float, float] | None:
    """Between which numbers most values lie, None if it is not said."""
    if "usual" not in pairs:
        return None
    entry = pairs["usual"]
    items = entries.take_list(entry, f"{what}: usual", notes)
    low, high = (entries.take_number(item, f"{what}: usual", notes) for item in items) if len(items) == 2 else (0, 0)
    least = minimum if minimum is not None else low
    most = maximum if maximum is not None else high
    if not least <= low < high <= most:
        notes.add(entry.line, f"{what}: usual must be two ordered numbers [a, b] within min and max")
    return low, high


def parse_aliases(entry: Entry, what: str, notes: Notes) -> tuple[str, ...]:
    """Other names of the field in surveyors' files; compared by `names.fold_alias`."""
    items = entries.take_list(entry, f"{what}: aliases", notes)
    return tuple(entries.take_text(item, f"{what}: an alias", notes) for item in items)
