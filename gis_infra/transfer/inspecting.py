"""What is in a file, what was guessed of it and why, which layer it might be for, and the command that imports it.

Changes nothing. A layer that cannot be read is told with the reason, beside the others of its folder or archive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import InvalidSource
from gis_infra.transfer.cleaning.values import is_text
from gis_infra.transfer.coordinates.finding import find_crs
from gis_infra.transfer.coordinates.systems import City, CrsGuess
from gis_infra.transfer.mapping.columns import MappedColumn
from gis_infra.transfer.mapping.suggesting import Suggestion, suggest_layers
from gis_infra.transfer.mapping.surveying import survey
from gis_infra.transfer.planning import describe_text, read_names
from gis_infra.transfer.problems import show
from gis_infra.transfer.sources.batches import read_batches
from gis_infra.transfer.sources.source import Source, SourceField, list_layers, open_source
from gis_infra.transfer.text.guessing import TextGuess
from gis_infra.transfer.text.reading import read_column

SAMPLE_ROWS = 1_000
SAMPLES = 3  # values of a column that are shown
WEIGHED = 30  # values of a column that a suggestion is weighed by
# What stands in a command for what somebody has to fill in.
OWNER, CODE, LAYER, ENCODING = "OWNER", "EPSG:CODE", "LAYER", "ENCODING"

Columns = Mapping[str, pa.Array]


@dataclass(frozen=True)
class FieldSample:
    """A column: its name as read, its type as Fiona writes it, some of its values, the share of rows with a value."""

    name: str
    type: str
    samples: tuple[str, ...]
    filled: float


@dataclass(frozen=True)
class Inspection:
    """What one layer of a file is.

    text: None for a format that is Unicode by itself. suggestions: layers it might be for, the likeliest first.
    command: the words of the command that imports it into the likeliest, with OWNER, EPSG:CODE, LAYER and ENCODING for
    what somebody has to fill in.
    """

    source: Source
    crs: CrsGuess
    text: TextGuess | None
    fields: tuple[FieldSample, ...]
    suggestions: tuple[Suggestion, ...]
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """A layer that cannot be read. name: of the layer; reason: why, in words."""

    name: str
    reason: str


def inspect_file(path: Path, city: City, catalogue: Catalogue) -> tuple[Inspection | Unreadable, ...]:
    """Every layer of a file, folder or archive.

    Raises InvalidSource if it cannot be read at all, or its only layer cannot.
    """
    layers = list_layers(path)
    if len(layers) == 1:
        return (inspect_one(path, None, city, catalogue),)
    found: list[Inspection | Unreadable] = []
    for layer in layers:
        try:
            found.append(inspect_one(path, layer, city, catalogue))
        except InvalidSource as error:
            found.append(Unreadable(layer, error.message))
    return tuple(found)


def inspect_one(path: Path, layer: str | None, city: City, catalogue: Catalogue) -> Inspection:
    """One layer of a file, with the command. layer: None for the only one. Raises InvalidSource."""
    try:
        with open_source(path, layer) as source:
            found = inspect_layer(source, city, catalogue)
            options: tuple[str, ...] = ()
    except InvalidSource:
        # A shapefile without attributes can be had, but only if that is said.
        with open_source(path, layer, bare_geometry=True) as source:
            found = inspect_layer(source, city, catalogue)
            options = ("--bare-geometry",)
    name = ("--source-layer", layer) if layer is not None else ()
    command = ("gis-infra", "import", str(path), *name, *list_options(found), *options)
    return replace(found, command=command)


def inspect_layer(source: Source, city: City, catalogue: Catalogue) -> Inspection:
    """An open layer, without the command. Raises InvalidSource if its rows cannot be read."""
    text = describe_text(source, None)
    names = read_names(source, text)
    columns = read_columns(source, names, text)
    fields = tuple(sample_field(each, names[each.name], columns) for each in source.fields if each.name in names)
    values = {name: list_values(column)[:WEIGHED] for name, column in columns.items()}
    suggestions = suggest_layers(catalogue, source.geometry, tuple(names.values()), source.name, values)
    if suggestions:
        best = replace(suggestions[0], mapped=survey(source, names, text, suggestions[0].mapped))
        suggestions = (best, *suggestions[1:])
    return Inspection(source, find_crs(None, source.wkt, source.bounds, city), text, fields, suggestions)


def read_columns(source: Source, names: Mapping[str, str], text: TextGuess | None) -> Columns:
    """Each column by its name as read, with its first rows, text decoded; none of a layer without rows."""
    batch = next(iter(read_batches(source, SAMPLE_ROWS)), None)
    if batch is None:
        return {}
    columns = {}
    for theirs, name in names.items():
        column = batch.column(batch.schema.get_all_field_indices(theirs)[0])
        encoding = text.get(theirs) if text is not None else None
        columns[name] = read_column(column, encoding).column if is_text(column.type) else column
    return columns


def sample_field(field: SourceField, name: str, columns: Columns) -> FieldSample:
    """A column with some of its values, those that tell most first."""
    column = columns.get(name)
    if column is None or len(column) == 0:
        return FieldSample(name, field.type, (), 0.0)
    filled = sum(not is_empty(value) for value in column.to_pylist()) / len(column)
    return FieldSample(name, field.type, tuple(map(show, list_values(column)[:SAMPLES])), filled)


def list_values(column: pa.Array) -> list[object]:
    """The distinct values of a column that are there, the most frequent first."""
    counts: dict[str, tuple[int, object]] = {}
    for value in column.to_pylist():
        if not is_empty(value):
            key = repr(value)  # a JSON file has lists, which cannot be counted by themselves
            counts[key] = (counts.get(key, (0, None))[0] + 1, value)
    return [value for _, value in sorted(counts.values(), key=lambda each: -each[0])]


def is_empty(value: object) -> bool:
    """Whether a value stands for none."""
    return value is None or (isinstance(value, str) and not value.strip())


def list_options(found: Inspection) -> Iterator[str]:
    """The options an import of the layer needs: what was found for certain is found again and needs no word."""
    best = found.suggestions[0] if found.suggestions else None
    yield from ("--layer", best.layer.id if best is not None else LAYER)
    crs = found.crs
    if not crs.is_certain or crs.srid is None:
        yield from crs.words.split() if crs.srid is not None else ("--crs", CODE)
    if crs.landing is not None and crs.landing.distance_km > 0:
        yield "--accept-outside"
    if found.text is not None and not found.text.is_certain:
        column = found.text.doubtful_column
        yield from ("--encoding", ENCODING if column is None else f"{column}={ENCODING}")
    if best is None or not any(each.field is not None and each.field.name == "owner" for each in best.mapped.taken):
        yield from ("--owner", OWNER)


def to_json(found: Inspection | Unreadable) -> dict[str, Any]:
    """What was found of a layer, as JSON has it; {"layer", "error"} for one that cannot be read."""
    if isinstance(found, Unreadable):
        return {"layer": found.name, "error": found.reason}
    source, text = found.source, found.text
    return {
        "file": source.name,
        "layer": source.layer,
        "format": source.driver,
        "features": source.count,
        "geometry": source.geometry.removeprefix("3D "),
        "has_z": source.has_z,
        "bounds": list(source.bounds) if source.bounds is not None else None,
        "remarks": list(source.remarks),
        "crs": crs_to_json(found.crs),
        "text": text_to_json(text) if text is not None else None,
        "fields": [asdict(field) for field in found.fields],
        "suggestions": [suggestion_to_json(each) for each in found.suggestions],
        "command": list(found.command),
    }


def crs_to_json(crs: CrsGuess) -> dict[str, Any]:
    """The coordinate system as JSON has it."""
    return {
        "srid": crs.srid,
        "certain": crs.is_certain,
        "reason": crs.reason,
        "lands": str(crs.landing) if crs.landing is not None else None,
        "box": list(crs.landing.box) if crs.landing is not None else None,
        "distance_km": crs.landing.distance_km if crs.landing is not None else None,
        "swap_xy": crs.swap_xy,
        "alternatives": [str(each) for each in crs.alternatives],
        "choices": [
            {
                "srid": each.srid,
                "swap_xy": each.swap_xy,
                "lands": str(each.landing),
                "box": list(each.landing.box) if each.landing is not None else None,
                "options": each.words,
            }
            for each in crs.choices
        ],
    }


def text_to_json(text: TextGuess) -> dict[str, Any]:
    """The encoding as JSON has it."""
    return {
        "encoding": text.encoding.name,
        "certain": text.is_certain,
        "reason": text.reason,
        "scores": {name: round(share, 3) for name, share in text.scores.items()},
        "samples": [{"before": before, "after": after} for before, after in list_samples(text)],
        "columns": {name: encoding.name for name, encoding in text.columns.items()},
        "candidates": [{"encoding": name, "sample": sample} for name, sample in text.candidates],
    }


def list_samples(text: TextGuess) -> list[tuple[str, str]]:
    """Values before and after they are read, without repeats."""
    return list(dict.fromkeys(text.samples))


def suggestion_to_json(suggestion: Suggestion) -> dict[str, Any]:
    """A layer the file might be for, as JSON has it."""
    mapped = suggestion.mapped
    return {
        "layer": suggestion.layer.id,
        "reason": suggestion.reason,
        "mapping": {each.column: each.field.name for each in mapped.taken if each.field is not None},
        "kept": list(mapped.kept),
        "columns": [column_to_json(each) for each in mapped.columns],
        "notes": list(mapped.notes),
        "warnings": list(mapped.warnings),
    }


def column_to_json(mapped: MappedColumn) -> dict[str, Any]:
    """Where a column would go and why, as JSON has it."""
    field = mapped.field.name if mapped.field is not None else None
    return {"column": mapped.column, "field": field, "reason": mapped.reason, "unit": mapped.unit}
