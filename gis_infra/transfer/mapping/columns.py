"""Which column of a file goes into which field of a layer.

In this order: what the caller says, the field's own name, its aliases, its titles, and names cut to the ten letters a
shapefile allows. Names are compared without marks, case and signs. What maps to nothing is kept, not lost.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gis_infra.catalogue.definitions import Catalogue, Field, Layer
from gis_infra.errors import InvalidParameter

CUT_AT = 10  # letters of a column name in a .dbf
KINDS: Mapping[str, str] = {"Point": "point", "LineString": "line", "Polygon": "area"}


@dataclass(frozen=True)
class MappedColumn:
    """One column of the file and the field it goes into; field is None for a column that is kept as it is."""

    column: str
    field: Field | None
    reason: str


@dataclass(frozen=True)
class Mapped:
    """Every column of a file, in file order."""

    columns: tuple[MappedColumn, ...]

    @property
    def taken(self) -> tuple[MappedColumn, ...]:
        """The columns that go into a field."""
        return tuple(each for each in self.columns if each.field is not None)

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that go into `source_attributes`."""
        return tuple(each.column for each in self.columns if each.field is None)


@dataclass(frozen=True)
class Suggestion:
    """A layer a file might be for, and where its columns would go in it."""

    layer: Layer
    mapped: Mapped


def fold(text: str) -> str:
    """`text` without marks, case, spaces and signs: "Đường kính" is "duongkinh", as is "DUONG_KINH"."""
    parts = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^0-9a-z]", "", parts)


def map_columns(layer: Layer, columns: Sequence[str], asked: Mapping[str, str]) -> Mapped:
    """Where each column goes.

    asked: column -> field, as the caller says; "" keeps a column out of every field.
    Raises InvalidParameter for a column the file does not have or a field nobody may write, UnknownProperty for a field
    the layer does not have.
    """
    chosen = resolve_asked(layer, columns, asked)
    free = {each.name: each for each in layer.fields if not each.system}
    for mapped in chosen.values():
        if mapped.field is not None:
            free.pop(mapped.field.name, None)
    for rank, _ in enumerate(RANKS):
        for column in columns:
            if column not in chosen and (mapped_column := find_by_rank(column, free, rank)) is not None:
                chosen[column] = mapped_column
                free.pop(mapped_column.field.name if mapped_column.field else "", None)
    return Mapped(tuple(chosen.get(column, MappedColumn(column, None, "kept as it is")) for column in columns))


def resolve_asked(layer: Layer, columns: Sequence[str], asked: Mapping[str, str]) -> dict[str, MappedColumn]:
    """What the caller said, checked. Raises InvalidParameter, UnknownProperty."""
    chosen: dict[str, MappedColumn] = {}
    for theirs, ours in asked.items():
        column = find_column(theirs, columns)
        if column is None:
            message = f"the file has no column {theirs!r}; it has {', '.join(columns) or 'none'}"
            raise InvalidParameter(message, where="map")
        field = layer.get_field(ours) if ours else None
        if field is not None and field.system:
            raise InvalidParameter(f"{ours} is kept by the program itself and takes no column", where="map")
        if field is not None and any(each.field is field for each in chosen.values()):
            raise InvalidParameter(f"two columns are mapped to {ours}; a field takes one", where="map")
        chosen[column] = MappedColumn(column, field, "as asked")
    return chosen


def find_column(name: str, columns: Sequence[str]) -> str | None:
    """The column called so, to the letter if there is one, else without marks and case; None if there is none."""
    if name in columns:
        return name
    return next((column for column in columns if fold(column) == fold(name)), None)


def name_forms(field: Field) -> Iterator[tuple[str, ...]]:
    """The names a field is known by, from the surest to the weakest, in the order of RANKS."""
    yield (field.name,)
    yield field.aliases
    yield (field.title.vi, field.title.en)


RANKS = ("name", "alias", "title", "name cut to ten letters")


def find_by_rank(column: str, free: Mapping[str, Field], rank: int) -> MappedColumn | None:
    """The field a column means by one kind of name; None if no field, or more than one, is known by it."""
    found = [field for field in free.values() if is_known_by(field, column, rank)]
    return MappedColumn(column, found[0], f"by {RANKS[rank]}") if len(found) == 1 else None


def is_known_by(field: Field, column: str, rank: int) -> bool:
    """Whether `column` is one of the field's names of that rank."""
    key = fold(column)
    forms = list(name_forms(field))
    if rank < len(forms):
        return bool(key) and key in map(fold, forms[rank])
    cut = len(column) == CUT_AT
    return cut and any(fold(name[:CUT_AT]) == key or fold(name).startswith(key) for each in forms for name in each)


def suggest_layers(catalogue: Catalogue, geometry: str, columns: Sequence[str], hint: str) -> tuple[Suggestion, ...]:
    """The layers a file might be for, the likeliest first, at most three.

    geometry: as Fiona names it; hint: the file's name. Layers of another kind of geometry are left out.
    """
    found = []
    for layer in catalogue.layers.values():
        if find_kind(geometry) not in {None, find_kind(layer.geometry)}:
            continue
        mapped = map_columns(layer, columns, {})
        own = sum(not each.field.universal for each in mapped.taken if each.field is not None)
        found.append((is_named_in(layer, hint), own, len(mapped.taken), Suggestion(layer, mapped)))
    found.sort(key=lambda each: each[:3], reverse=True)
    return tuple(each[3] for each in found if each[0] or each[2])[:3]


def is_named_in(layer: Layer, hint: str) -> bool:
    """Whether a file's name has the layer's id or one of its titles in it."""
    key = fold(hint)
    return any(fold(name) in key for name in (layer.id, layer.title.vi, layer.title.en))


def find_kind(geometry: str) -> str | None:
    """point, line or area, whether multiple, with heights or not; None for anything else."""
    return KINDS.get(geometry.removeprefix("3D ").removeprefix("Multi"))
