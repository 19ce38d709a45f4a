"""The `where` of rule and coverage files as `Condition` values, checked against the layers they speak of.

    where: {system: [foul, combined], laying: {not: [tunnel]}, nominal_diameter_mm: {at_least: 200, under: 400}}
    where: {technologies: {has: [4G]}}

Source: layers/rules/README.md, "Conditions".
"""

from collections.abc import Mapping
from typing import cast

from gis_infra.analysis.rules.model import Condition, Operator, to_word
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Catalogue, Field, Layer
from gis_infra.catalogue.documents import Entry, Notes

COMPARISONS = ("at_least", "at_most", "over", "under")


def parse_where(entry: Entry, layers: tuple[Layer, ...], notes: Notes) -> tuple[Condition, ...]:
    """The conditions of a `where`, all of which must hold; each attribute must stand in every one of `layers`."""
    pairs = entries.take_mapping(entry, "where", notes)
    found: list[Condition] = []
    for name, value in pairs.items():
        fields = [field for layer in layers if (field := find_field(layer, name, value, notes)) is not None]
        found += parse_condition(name, value, fields, notes)
    return tuple(found)


def find_field(layer: Layer, name: str, entry: Entry, notes: Notes) -> Field | None:
    """The layer's attribute of that name, None with a note if it has none."""
    for field in layer.fields:
        if field.name == name:
            return field
    notes.add(entry.key_line, f"layer {layer.id} has no field {name!r}")
    return None


def parse_condition(name: str, entry: Entry, fields: list[Field], notes: Notes) -> list[Condition]:
    """One attribute's conditions: a list of allowed values, or a mapping of `not`, `has` and comparisons."""
    if isinstance(entry.value, tuple):
        return [Condition(name, "in", parse_values(name, entry, fields, notes))]
    pairs = entries.take_mapping(entry, f"condition on {name!r}", notes, optional=("not", "has", *COMPARISONS))
    found = []
    for operator, value in pairs.items():
        if operator == "not":
            found.append(Condition(name, "not_in", parse_values(name, value, fields, notes)))
        elif operator == "has":
            require_text(name, value, fields, notes)
            found.append(Condition(name, "has", parse_values(name, value, [], notes)))
        elif operator in COMPARISONS:
            number = float(entries.take_number(value, f"condition on {name!r}: {operator}", notes))
            require_numeric(name, value, fields, notes)
            found.append(Condition(name, cast(Operator, operator), number=number))
    return found


def parse_values(name: str, entry: Entry, fields: list[Field], notes: Notes) -> tuple[str, ...]:
    """The values of a list, each of which the attribute can have."""
    items = entries.take_list(entry, f"condition on {name!r}", notes)
    words = tuple(to_word(item.value) for item in items)
    for item, word in zip(items, words, strict=True):
        for field in fields:
            if field.type == "code" and word not in field.codes:
                notes.add(item.line, f"{name!r} cannot be {word!r}; its codes are {', '.join(field.codes)}")
            if field.type == "boolean" and word not in ("true", "false"):
                notes.add(item.line, f"{name!r} is true or false, not {word!r}")
    return words


def require_numeric(name: str, entry: Entry, fields: list[Field], notes: Notes) -> None:
    """Note a comparison with an attribute that is no number."""
    for field in fields:
        if field.type not in ("integer", "number"):
            notes.add(entry.line, f"{name!r} is {field.type}, so it cannot be compared with a number")


def require_text(name: str, entry: Entry, fields: list[Field], notes: Notes) -> None:
    """Note a look for words in an attribute that is no text."""
    for field in fields:
        if field.type != "text":
            notes.add(entry.line, f"{name!r} is {field.type}, so it has no words joined by commas")


def find_layer(name: str, entry: Entry, catalogue: Catalogue, notes: Notes) -> Layer | None:
    """The layer of that id, None with a note if there is none."""
    layer = catalogue.layers.get(name)
    if layer is None:
        notes.add(entry.key_line, f"there is no layer {name!r}")
    return layer


def find_named_fields(entry: Entry, what: str, layer: Layer, notes: Notes) -> tuple[str, ...]:
    """The names in a list, each an attribute of `layer`."""
    names = tuple(entries.take_text(item, what, notes) for item in entries.take_list(entry, what, notes))
    for item, name in zip(entries.take_list(entry, what, notes), names, strict=True):
        find_field(layer, name, item, notes)
    return names


def take_pairs(entry: Entry | None, what: str, notes: Notes) -> Mapping[str, Entry]:
    """The pairs of an optional mapping; none if it is left out."""
    return entries.take_mapping(entry, what, notes) if entry is not None else {}
