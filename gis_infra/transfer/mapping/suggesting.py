"""Which layers a file might be for: by its geometry, its name, the names of its columns and what stands in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.catalogue.names import fold
from gis_infra.features.validation import check_column
from gis_infra.transfer.cleaning.values import convert, to_text
from gis_infra.transfer.mapping.columns import Mapped, MappedColumn, map_columns
from gis_infra.transfer.request import Reading

KINDS: Mapping[str, str] = {"Point": "point", "LineString": "line", "Polygon": "area"}
MOST = 3
NAMED = 3.0  # what the layer's own name in the file's name is worth, in columns
OWN, UNIVERSAL = 1.0, 0.5  # what a column of a field only this layer has is worth, and one of every layer's
FITS = 0.5  # the share of values from which on a column is said to fit
Samples = Mapping[str, Sequence[object]]


@dataclass(frozen=True)
class Suggestion:
    """A layer a file might be for, and where its columns would go in it.

    score: how well it fits, to compare layers by. reason: what speaks for it and against it, in words.
    """

    layer: Layer
    mapped: Mapped
    score: float
    reason: str


def suggest_layers(
    catalogue: Catalogue, geometry: str, columns: Sequence[str], hint: str, samples: Samples | None = None
) -> tuple[Suggestion, ...]:
    """The layers a file might be for, the likeliest first, at most three.

    geometry: as Fiona names it; hint: the file's name; samples: column -> some of its values. Layers of another kind of
    geometry are left out, and those for which nothing speaks.
    """
    found = []
    for layer in catalogue.layers.values():
        if find_kind(geometry) in {None, find_kind(layer.geometry)}:
            mapped = map_columns(layer, columns, Reading())
            found.append(weigh(layer, mapped, hint, samples or {}))
    found.sort(key=lambda each: each.score, reverse=True)
    return tuple(each for each in found if each.score > 0)[:MOST]


def weigh(layer: Layer, mapped: Mapped, hint: str, samples: Samples) -> Suggestion:
    """How well a layer fits a file whose columns would go into it so."""
    fitting: list[str] = []
    odd: list[str] = []
    score = NAMED if is_named_in(layer, hint) else 0.0
    for each in mapped.taken:
        share = measure_fit(each, samples.get(each.column, ()))
        worth = OWN if each.field is not None and not each.field.universal else UNIVERSAL
        # Values nobody could read speak against the layer as much as values that are all right speak for it; of a short
        # file a single wrong value must not.
        score += worth * (share if share >= FITS else 2 * share - 1)
        (fitting if share >= FITS else odd).append(each.column)
    return Suggestion(layer, mapped, score, describe(layer, hint, fitting, odd, len(mapped.columns)))


def measure_fit(mapped: MappedColumn, values: Iterable[object]) -> float:
    """The share of values that the field takes, from 0 to 1; 1 if there are none to ask."""
    field = mapped.field
    there = [value for value in values if value is not None and value != ""]
    if field is None or not there:
        return 1.0
    # As text, since a sample may mix types, as a JSON file does.
    converted = convert(pa.array([to_text(value) for value in there]), mapped)
    return 1 - len({*converted.faults, *check_column(converted.column, field)}) / len(there)


def describe(layer: Layer, hint: str, fitting: Sequence[str], odd: Sequence[str], total: int) -> str:
    """What speaks for a layer and against it."""
    words = ["the file is named like it"] if is_named_in(layer, hint) else []
    words.append(f"{len(fitting) + len(odd)} of {total} columns map")
    if odd:
        words.append(f"the values of {', '.join(odd)} do not fit")
    return "; ".join(words)


def is_named_in(layer: Layer, hint: str) -> bool:
    """Whether a file's name has the layer's id or one of its titles in it."""
    key = fold(hint)
    return any(fold(name) in key for name in (layer.id, layer.title.vi, layer.title.en))


def find_kind(geometry: str) -> str | None:
    """point, line or area, whether multiple, with heights or not; None for anything else."""
    return KINDS.get(geometry.removeprefix("3D ").removeprefix("Multi"))
