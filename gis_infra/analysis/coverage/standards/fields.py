"""The values that all coverage files share: parts of layers, attributes, codes, numbers, yes or no.

What is wrong with one is noted with its line; reading goes on.
"""

from typing import cast, get_args

from gis_infra.analysis.coverage.standards.frame import Frame
from gis_infra.analysis.rules.condition_entries import find_field, find_layer, parse_where
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.catalogue.documents import Entry

NUMBERS: tuple[FieldType, ...] = ("integer", "number")


def parse_member(entry: Entry, what: str, others: tuple[str, ...], frame: Frame) -> Member:
    """A part of a layer: {layer: id, where: conditions}, beside the keys `others`."""
    pairs = entries.take_mapping(entry, what, frame.notes, required=("layer",), optional=("where", *others))
    if "layer" not in pairs:
        return Member("")
    name = entries.take_text(pairs["layer"], f"{what}: layer", frame.notes)
    layer = find_layer(name, pairs["layer"], frame.catalogue, frame.notes)
    if layer is None or "where" not in pairs:
        return Member(name)
    return Member(name, parse_where(pairs["where"], (layer,), frame.notes))


def find_member_layer(member: Member | None, frame: Frame) -> Layer | None:
    """The layer of a member, None if there is none; that was noted where it was read."""
    return frame.catalogue.layers.get(member.layer) if member is not None else None


def take_field(
    entry: Entry | None, what: str, layer: Layer | None, types: tuple[FieldType, ...], frame: Frame
) -> str | None:
    """The name of an attribute of `layer` that has one of `types`; None if the file names none."""
    if entry is None:
        return None
    name = entries.take_text(entry, what, frame.notes)
    field = find_field(layer, name, entry, frame.notes) if layer is not None and name else None
    if field is not None and field.type not in types:
        frame.notes.add(entry.line, f"{what} {name!r} is {field.type}, not {describe_types(types)}")
    return name


def describe_types(types: tuple[FieldType, ...]) -> str:
    """The kinds of attribute in words."""
    return "a number" if types == NUMBERS else " or ".join(types)


def get_any_type() -> tuple[FieldType, ...]:
    """Every kind of attribute."""
    return cast(tuple[FieldType, ...], get_args(FieldType))


def take_code(entry: Entry, what: str, field: Field | None, frame: Frame) -> str:
    """A code that the attribute can have; any text while the attribute is not known or has no codes."""
    word = entries.take_text(entry, what, frame.notes)
    require_code(word, entry.line, what, field, frame)
    return word


def require_code(word: str, line: int, what: str, field: Field | None, frame: Frame) -> None:
    """Note a word that is none of the attribute's codes."""
    if word and field is not None and field.codes and word not in field.codes:
        frame.notes.add(line, f"{what} cannot be {word!r}; the codes of {field.name} are {', '.join(field.codes)}")


def find_code_field(layer: Layer | None, name: str | None) -> Field | None:
    """The attribute of that name, None without a note if there is none."""
    return next((each for each in layer.fields if each.name == name), None) if layer is not None else None


def take_amount(entry: Entry | None, what: str, bounds: tuple[float, float], frame: Frame) -> float | None:
    """A number between the bounds; None if the file leaves it out."""
    if entry is None:
        return None
    return float(entries.take_number(entry, what, frame.notes, *bounds))


def take_yes(entry: Entry | None, what: str, frame: Frame) -> bool:
    """Yes or no; no if the file leaves it out."""
    return entry is not None and entries.take_choice(entry, what, ("no", "yes"), frame.notes) == "yes"
