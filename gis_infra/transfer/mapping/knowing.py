"""The ways of knowing which field a column means, by its name alone, from the surest to the weakest.

Each way takes a column and the names of a layer's fields, and gives the fields it could mean: none, one, or several,
which is no answer. Names are compared without marks, case and signs.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.catalogue.names import fold, split_words
from gis_infra.catalogue.units import get_ratio, list_alike
from gis_infra.transfer.mapping.likeness import LEAST_MARGIN, measure_likeness
from gis_infra.transfer.mapping.unit_names import find_unit, split_unit

CUT_AT = 10  # bytes of a column's name in a .dbf
NUMBERED = re.compile(r"(.{6,9}?)_?(\d{1,3})")  # what writers make of a second name with the same ten letters
LEAST_CUT = 6  # letters from which the beginning of a name tells the rest
LEAST_BASE = 6  # letters a name must have without the words of the layer


@dataclass(frozen=True)
class KnownName:
    """One name of a field. kind: "name", "alias" or "title"."""

    field: Field
    kind: str
    name: str


@dataclass(frozen=True)
class Known:
    """A field a column could mean, why, and the unit its name says, if that is not the field's."""

    field: Field
    reason: str
    unit: str | None = None


@dataclass(frozen=True)
class KnownNames:
    """Every name the fields of a layer have that a file may fill, and the words the layer itself is called by."""

    names: tuple[KnownName, ...]
    own_words: frozenset[str]


Way = Callable[[str, KnownNames], tuple[Known, ...]]


def list_known_names(layer: Layer) -> KnownNames:
    """The names of a layer's fields."""
    names = [name for field in layer.fields if not field.system for name in list_names(field)]
    words = (*split_words(layer.id), *split_words(layer.title.vi), *split_words(layer.title.en))
    return KnownNames(tuple(names), frozenset(words))


def list_names(field: Field) -> Iterator[KnownName]:
    """The names of one field; its own name also without the unit behind it."""
    yield KnownName(field, "name", field.name)
    for alias in field.aliases:
        yield KnownName(field, "alias", alias)
    for title in dict.fromkeys((field.title.vi, field.title.en)):
        yield KnownName(field, "title", title)
    head, _, tail = field.name.rpartition("_")
    if head and field.unit is not None and find_unit(tail) == field.unit:
        yield KnownName(field, "name without unit", head)


def know_by_kind(kind: str, column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields that have the column's name as a name of that kind."""
    key = fold(column)
    found = [each.field for each in names.names if each.kind == kind and key and fold(each.name) == key]
    if found and is_cut_within_marks(column):
        found += [each.field for each in names.names if fold(each.name).startswith(key)]
    return tell(found, f"by {kind}")


def is_cut_within_marks(column: str) -> bool:
    """Whether a name with marks fills the ten bytes, so that "Đường" may be all that is left of "Đường kính"."""
    return not column.isascii() and CUT_AT - 2 <= len(column.encode()) <= CUT_AT


def know_by_unit(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields known by the name before a unit, if their numbers can be in that unit: "DK_CM"."""
    parts = split_unit(column)
    if parts is None or not fold(parts[0]):
        return ()
    key, unit = fold(parts[0]), parts[1]
    found = []
    for each in names.names:
        if fold(each.name) == key and each.field.unit is not None and unit in list_alike(each.field.unit):
            found.append(each.field)
    differs = [field for field in found if field.unit is not None and get_ratio(unit, field.unit) != 1]
    reason = f"by name and unit, its numbers in {unit}" if differs else "by name and unit"
    return tell(found, reason, unit if differs else None)


def know_by_words(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields known by the name without the words the layer is called by: "VAT_LIEU_ONG" of a pipe."""
    words = split_words(column)
    rest = [word for word in words if word not in names.own_words]
    key = "".join(rest)
    if len(rest) == len(words) or len(key) < LEAST_BASE:
        return ()
    found = [each.field for each in names.names if fold(each.name) == key]
    dropped = " ".join(word for word in words if word in names.own_words)
    return tell(found, f"by name without {dropped!r}")


def know_by_beginning(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields a name cut to the ten letters of a shapefile may have been, with or without a number at its end."""
    if len(column.encode()) not in range(CUT_AT - 2, CUT_AT + 1) or (column.isascii() and len(column) != CUT_AT):
        return ()
    if found := [each.field for each in names.names if is_cut_of(column, each.name)]:
        return tell(found, "by name cut to ten letters")
    match = NUMBERED.fullmatch(column)
    if match is None:
        return ()
    found = [each.field for each in names.names if len(each.name) > CUT_AT and is_cut_of(match[1], each.name)]
    return tell(found, "by name cut to ten letters and numbered")


def is_cut_of(cut: str, name: str) -> bool:
    """Whether `cut` may be the beginning of `name`."""
    key = fold(cut)
    return len(key) >= LEAST_CUT and fold(name) != key and fold(name).startswith(key)


def know_by_likeness(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The field whose name is so alike that only a slip of the pen can lie between them."""
    best: dict[str, tuple[float, KnownName]] = {}
    for each in names.names:
        likeness = measure_likeness(column, each.name)
        if likeness and likeness > best.get(each.field.name, (0.0, each))[0]:
            best[each.field.name] = (likeness, each)
    ranked = sorted(best.values(), key=lambda found: -found[0])
    close = [known for likeness, known in ranked if likeness > ranked[0][0] - LEAST_MARGIN]
    if not close:
        return ()
    likeness, known = ranked[0]
    return tell([each.field for each in close], f"by likeness to {known.name} ({likeness:.0%})")


def tell(fields: Iterable[Field], reason: str, unit: str | None = None) -> tuple[Known, ...]:
    """Each field once."""
    return tuple(Known(field, reason, unit) for field in {each.name: each for each in fields}.values())


WAYS: Sequence[Way] = (
    partial(know_by_kind, "name"),
    partial(know_by_kind, "alias"),
    partial(know_by_kind, "title"),
    partial(know_by_kind, "name without unit"),
    know_by_unit,
    know_by_words,
    know_by_beginning,
    know_by_likeness,
)
