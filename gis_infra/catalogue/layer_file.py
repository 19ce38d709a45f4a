"""One layer file as a `Layer`. Source: layers/README.md.

What is written is checked, nothing is guessed: an unknown key, a title in one language or a label that names no field
is a problem with a line, never a silent default.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from gis_infra.catalogue import check_entries, entries, field_entries, style_entries
from gis_infra.catalogue.definitions import (
    ACCESS_LEVELS,
    Access,
    Check,
    Field,
    GeometryType,
    Layer,
    Licence,
    Style,
    Title,
)
from gis_infra.catalogue.documents import Entry, Notes
from gis_infra.catalogue.names import fold_alias

GEOMETRIES: tuple[str, ...] = get_args(GeometryType)
REQUIRED = ("id", "sector", "title", "geometry", "access", "label", "fields", "style")
OPTIONAL = (
    *("description", "outer_size_mm", "nominal_size_mm", "universal_aliases", "checks"),
    *("licence", "attribution"),
)
WEB = re.compile(r"https?://[^\s<>\"]+")
CHECK_NAME_LIMIT = 63 - len("__check")  # bytes PostgreSQL keeps of a name


@dataclass(frozen=True)
class Universal:
    """What every layer has: attributes, in the order of their columns, and checks."""

    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()


def parse_layer(entry: Entry, stem: str, sector: str, universal: Universal, notes: Notes) -> Layer:
    """The layer of the file `sector`/`stem`.yaml; of use only if `notes` holds no problem afterwards."""
    pairs = entries.take_mapping(entry, "the layer", notes, required=REQUIRED, optional=OPTIONAL)
    shared = {each.name: each for each in universal.fields}
    own = field_entries.parse_fields(pairs["fields"], shared, notes) if "fields" in pairs else ()
    every = (*own, *parse_universal_aliases(pairs, give_way(universal.fields, own), notes))
    by_name = {each.name: each for each in every}
    geometry = take_or_first(pairs, "geometry", GEOMETRIES, notes)
    checks = check_entries.parse_checks(pairs["checks"], by_name, notes) if "checks" in pairs else ()
    layer = Layer(
        id=take_expected(pairs, "id", stem, "the name of the file", notes),
        sector=take_expected(pairs, "sector", sector, "the name of the folder", notes),
        title=entries.take_title(pairs["title"], "title", notes) if "title" in pairs else Title("", ""),
        geometry=cast(GeometryType, geometry),
        access=cast(Access, take_or_first(pairs, "access", ACCESS_LEVELS, notes)),
        fields=every,
        style=style_entries.parse_style(pairs["style"], geometry, by_name, notes) if "style" in pairs else Style({}),
        description=entries.take_title(pairs["description"], "description", notes) if "description" in pairs else None,
        label=take_field_name(pairs, "label", by_name, notes),
        outer_size_mm=take_size_field(pairs, "outer_size_mm", by_name, notes),
        nominal_size_mm=take_size_field(pairs, "nominal_size_mm", by_name, notes),
        checks=(*universal.checks, *checks),
        licence=parse_licence(pairs["licence"], notes) if "licence" in pairs else None,
        attribution=entries.take_title(pairs["attribution"], "attribution", notes) if "attribution" in pairs else None,
        source_file=notes.file,
    )
    if "fields" in pairs:
        refuse_long_names(layer, pairs["fields"], notes)
        refuse_shared_aliases(every, pairs, notes)
    return layer


def take_or_first(pairs: Mapping[str, Entry], key: str, choices: Sequence[str], notes: Notes) -> str:
    """The choice written under `key`; the first one if the key is missing, which is noted elsewhere."""
    return entries.take_choice(pairs[key], key, choices, notes) if key in pairs else choices[0]


def take_expected(pairs: Mapping[str, Entry], key: str, expected: str, source: str, notes: Notes) -> str:
    """`expected`, after noting anything else written under `key`."""
    if key in pairs and pairs[key].value != expected:
        notes.add(pairs[key].line, f"{key} must be {expected!r}, {source}, got {entries.describe(pairs[key])}")
    return expected


def parse_licence(entry: Entry, notes: Notes) -> Licence:
    """The terms of use written as {url, title}."""
    pairs = entries.take_mapping(entry, "licence", notes, required=("url", "title"), optional=())
    texts = {
        key: entries.take_text(each, f"licence.{key}", notes) for key, each in pairs.items() if key in ("url", "title")
    }
    if texts.get("url") and not WEB.fullmatch(texts["url"]):
        notes.add(pairs["url"].line, f"licence.url must be an address that begins with https://, got {texts['url']!r}")
    return Licence(texts.get("url", ""), texts.get("title", ""))


def take_field_name(pairs: Mapping[str, Entry], key: str, fields: Mapping[str, Field], notes: Notes) -> str | None:
    """The field named under `key`, None if the key is missing."""
    if key not in pairs:
        return None
    name = entries.take_text(pairs[key], key, notes)
    if name and name not in fields:
        notes.add(pairs[key].line, f"{key} names {name!r}, which is not a field of the layer")
    return name


def take_size_field(pairs: Mapping[str, Entry], key: str, fields: Mapping[str, Field], notes: Notes) -> str | None:
    """The number field in millimetres named under `key`, None if the key is missing."""
    name = take_field_name(pairs, key, fields, notes)
    field = fields.get(name) if name is not None else None
    if field is not None and (field.type not in ("integer", "number") or field.unit != "mm"):
        notes.add(pairs[key].line, f"{key} must name a number field in mm, and {name!r} is not one")
    return name


def parse_universal_aliases(pairs: Mapping[str, Entry], universal: Sequence[Field], notes: Notes) -> list[Field]:
    """The universal fields, with the further aliases they have in this layer's files."""
    if "universal_aliases" not in pairs:
        return list(universal)
    names = [each.name for each in universal if not each.system]
    given = entries.take_mapping(pairs["universal_aliases"], "universal_aliases", notes, optional=names)
    more = {name: field_entries.parse_aliases(entry, name, notes) for name, entry in given.items()}
    return [replace(each, aliases=(*each.aliases, *more.get(each.name, ()))) for each in universal]


def give_way(universal: Sequence[Field], own: Sequence[Field]) -> list[Field]:
    """The universal fields without the aliases that mean one of the layer's own fields in its files.

    DO_SAU is the cover of a pipe, but the depth of a manhole.
    """
    used = {fold_alias(name) for field in own for name in (field.name, *field.aliases)}
    return [
        replace(each, aliases=tuple(alias for alias in each.aliases if fold_alias(alias) not in used))
        for each in universal
    ]


def refuse_long_names(layer: Layer, entry: Entry, notes: Notes) -> None:
    """Note every field whose constraint PostgreSQL would cut the name of, so that two could become one."""
    for field in layer.fields:
        if len(layer.id) + len(field.name) > CHECK_NAME_LIMIT:
            message = f"layer id and field {field.name!r} together are longer than {CHECK_NAME_LIMIT} characters"
            notes.add(entry.key_line, message)


def refuse_shared_aliases(fields: Sequence[Field], pairs: Mapping[str, Entry], notes: Notes) -> None:
    """Note every alias that names two fields, or one field twice: an import could not tell where a column goes."""
    lines = get_alias_lines(pairs)
    owners = {each.name: each.name for each in fields}
    named = [(field.name, alias) for field in fields for alias in field.aliases]
    # Those of universal.yaml first, so that the fault is found where this file can mend it.
    for name, alias in sorted(named, key=lambda each: each in lines):
        folded = fold_alias(alias)
        line = lines.get((name, alias), pairs["fields"].key_line)
        if not folded:
            notes.add(line, f"alias {alias!r} has no letters or digits")
        elif folded in owners:
            notes.add(line, f"alias {alias!r} of {name!r} already names {owners[folded]!r}")
        owners.setdefault(folded, name)


def get_alias_lines(pairs: Mapping[str, Entry]) -> Mapping[tuple[str, str], int]:
    """The line of every alias written in this file, by field and alias."""
    lists: dict[str, Entry] = {}
    for name, entry in get_pairs(pairs.get("fields")).items():
        if "aliases" in get_pairs(entry):
            lists[name] = get_pairs(entry)["aliases"]
    lists |= get_pairs(pairs.get("universal_aliases"))
    return {
        (name, str(item.value)): item.line
        for name, entry in lists.items()
        if isinstance(entry.value, tuple)
        for item in entry.value
    }


def get_pairs(entry: Entry | None) -> Mapping[str, Entry]:
    """The pairs of a mapping, none of anything else."""
    return entry.value if entry is not None and isinstance(entry.value, Mapping) else {}
