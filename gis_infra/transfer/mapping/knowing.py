"""The ways of knowing which field a column means, by its name alone, from the surest to the weakest.

Each way takes a column and the names of a layer's fields, and gives the fields it could mean: none, one, or several,
which is no answer. Names are compared without marks, case and signs.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.catalogue.names import fold, split_words
from gis_infra.catalogue.units import get_ratio, list_alike
from gis_infra.transfer.mapping.likeness import LEAST_MARGIN, measure_likeness, preselect
from gis_infra.transfer.mapping.unit_names import find_unit, split_unit

CUT_AT = 10  # bytes of a column's name in a .dbf
NUMBERED = re.compile(r"(.{6,9}?)_?(\d{1,3})")  # what writers make of a second name with the same ten letters
LEAST_CUT = 6  # letters from which the beginning of a name tells the rest
LEAST_BASE = 6  # letters a name must have without the words of the layer


@dataclass(frozen=True)
class KnownName:
    """One name of a field. kind: "name", "alias", "title" or "name without unit". key: the name folded."""

    field: Field
    kind: str
    name: str
    key: str


@dataclass(frozen=True)
class Known:
    """A field a column could mean, why, and the unit its name says, if that is not the field's."""

    field: Field
    reason: str
    unit: str | None = None


@dataclass(frozen=True)
class KnownNames:
    """Every name the fields of a layer have that a file may fill.

    by_key: folded name -> the names that fold so. spelt_out: each folded name once, as it is where its words are seen:
    TEN_DUONG and not TENDUONG. own_words: the words the layer itself is called by.
    """

    names: tuple[KnownName, ...]
    by_key: Mapping[str, tuple[KnownName, ...]]
    spelt_out: Mapping[str, KnownName]
    own_words: frozenset[str]


Way = Callable[[str, KnownNames], tuple[Known, ...]]


def list_known_names(layer: Layer) -> KnownNames:
    """The names of a layer's fields."""
    names = [name for field in layer.fields if not field.system for name in list_names(field)]
    by_key: dict[str, tuple[KnownName, ...]] = {}
    spelt_out: dict[str, KnownName] = {}
    for each in names:
        by_key[each.key] = (*by_key.get(each.key, ()), each)
        if each.key not in spelt_out or count_words(each.name) > count_words(spelt_out[each.key].name):
            spelt_out[each.key] = each
    words = (*split_words(layer.id), *split_words(layer.title.vi), *split_words(layer.title.en))
    return KnownNames(tuple(names), by_key, spelt_out, frozenset(words))


def count_words(name: str) -> int:
    """How many words a name shows."""
    return len(split_words(name))


def list_names(field: Field) -> Iterator[KnownName]:
    """The names of one field; its own name also without the unit behind it."""
    yield KnownName(field, "name", field.name, fold(field.name))
    for alias in field.aliases:
        yield KnownName(field, "alias", alias, fold(alias))
    for title in dict.fromkeys((field.title.vi, field.title.en)):
        yield KnownName(field, "title", title, fold(title))
    head, _, tail = field.name.rpartition("_")
    if head and field.unit is not None and find_unit(tail) == field.unit:
        yield KnownName(field, "name without unit", head, fold(head))


def know_by_kind(kind: str, column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields that have the column's name as a name of that kind."""
    key = fold(column)
    found = [each.field for each in names.by_key.get(key, ()) if each.kind == kind] if key else []
    if found and is_cut_within_marks(column):
        found += [each.field for each in names.names if each.key.startswith(key)]
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
    for each in names.by_key.get(key, ()):
        if each.field.unit is not None and unit in list_alike(each.field.unit):
            found.append(each.field)
    differs = [field for field in found if field.unit is not None and get_ratio(unit, field.unit) != 1]
    return tell(found, "by name and unit", unit if differs else None)


def know_by_words(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields known by the name without the words the layer is called by: "VAT_LIEU_ONG" of a pipe."""
    words = split_words(column)
    rest = [word for word in words if word not in names.own_words]
    key = "".join(rest)
    if len(rest) == len(words) or len(key) < LEAST_BASE:
        return ()
    found = [each.field for each in names.by_key.get(key, ())]
    dropped = " ".join(word for word in words if word in names.own_words)
    return tell(found, f"by name without {dropped!r}")


def know_by_beginning(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The fields a name cut to the ten letters of a shapefile may have been, with or without a number at its end."""
    if len(column.encode()) not in range(CUT_AT - 2, CUT_AT + 1) or (column.isascii() and len(column) != CUT_AT):
        return ()
    if found := list_beginning(column, names):
        return tell((each.field for each in found), "by name cut to ten letters")
    match = NUMBERED.fullmatch(column)
    found = [each for each in list_beginning(match[1], names) if len(each.name) > CUT_AT] if match else []
    return tell((each.field for each in found), "by name cut to ten letters and numbered")


def list_beginning(cut: str, names: KnownNames) -> list[KnownName]:
    """The names that must have begun so: DUONG_KINH may be whole, TEN_DUONG_ and nominal_di are not."""
    key = fold(cut)
    if len(key) < LEAST_CUT:
        return []
    longer = [each for each in names.names if each.key.startswith(key) and each.key != key]
    return [each for each in longer if fold(each.name[: len(cut)]) == key and is_within_word(cut, each.name)]


def is_within_word(cut: str, name: str) -> bool:
    """Whether the beginning of a name shows that something is missing."""
    return name[len(cut) : len(cut) + 1].isalnum() or cut.endswith("_")


def find_alike(column: str, known: Mapping[str, KnownName]) -> Iterator[tuple[float, str]]:
    """How alike the column is to each name that may be meant, and that name's key."""
    for key in preselect(column, known):
        likeness = measure_likeness(column, known[key].name)
        if likeness:
            yield likeness, key


def know_by_likeness(column: str, names: KnownNames) -> tuple[Known, ...]:
    """The field whose name is so alike that only a slip of the pen can lie between them."""
    best: dict[str, tuple[float, KnownName]] = {}
    for likeness, key in find_alike(column, names.spelt_out):
        each = names.spelt_out[key]
        if likeness > best.get(each.field.name, (0.0, each))[0]:
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
