"""What is in a file, what was guessed of it and why, and which layer it might be for. Changes nothing."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gis_infra.catalogue.definitions import Catalogue
from gis_infra.transfer.cleaning.values import is_text
from gis_infra.transfer.coordinates.finding import find_crs
from gis_infra.transfer.coordinates.systems import City, CrsGuess
from gis_infra.transfer.mapping.suggesting import Suggestion, suggest_layers
from gis_infra.transfer.planning import describe_text, read_names
from gis_infra.transfer.problems import show
from gis_infra.transfer.sources.batches import read_batches
from gis_infra.transfer.sources.source import Source, SourceField, list_layers, open_source
from gis_infra.transfer.text.guessing import TextGuess, read_column

SAMPLE_ROWS = 200
SAMPLES = 3


@dataclass(frozen=True)
class FieldSample:
    """A column: its name as read, its type as Fiona writes it, some of its values."""

    name: str
    type: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Inspection:
    """What one layer of a file is. text: None for a format that is Unicode by itself."""

    source: Source
    crs: CrsGuess
    text: TextGuess | None
    fields: tuple[FieldSample, ...]
    suggestions: tuple[Suggestion, ...]


def inspect_file(path: Path, city: City, catalogue: Catalogue) -> tuple[Inspection, ...]:
    """Every layer of a file, inspected. Raises InvalidSource if the file cannot be read."""
    found = []
    for layer in list_layers(path):
        with open_source(path, layer) as source:
            found.append(inspect_layer(source, city, catalogue))
    return tuple(found)


def inspect_layer(source: Source, city: City, catalogue: Catalogue) -> Inspection:
    """One layer, inspected. Raises InvalidSource if its rows cannot be read."""
    text = describe_text(source, None)
    names = read_names(source, text)
    fields = sample_fields(source, names, text)
    hint = f"{source.path.stem} {source.layer}"
    suggestions = suggest_layers(catalogue, source.geometry, tuple(names.values()), hint)
    return Inspection(source, find_crs(None, source.wkt, source.bounds, city), text, fields, suggestions)


def sample_fields(source: Source, names: dict[str, str], text: TextGuess | None) -> tuple[FieldSample, ...]:
    """Each column with distinct values of its first rows."""
    batch = next(iter(read_batches(source, SAMPLE_ROWS)), None)
    found = []
    for field in source.fields:
        samples = sample_column(batch, field, text) if batch is not None else ()
        found.append(FieldSample(names[field.name], field.type, samples))
    return tuple(found)


def sample_column(batch: Any, field: SourceField, text: TextGuess | None) -> tuple[str, ...]:
    """The first distinct values of a column that are there."""
    column = batch.column(batch.schema.get_all_field_indices(field.name)[0])
    if is_text(column.type):
        column = read_column(column, text.encoding if text is not None else None).column
    values = dict.fromkeys(show(value) for value in column.to_pylist() if value not in {None, ""})
    return tuple(values)[:SAMPLES]


def to_json(inspection: Inspection) -> dict[str, Any]:
    """An inspection as JSON has it."""
    source, text = inspection.source, inspection.text
    return {
        "file": source.name,
        "layer": source.layer,
        "format": source.driver,
        "features": source.count,
        "geometry": source.geometry.removeprefix("3D "),
        "has_z": source.has_z,
        "bounds": list(source.bounds) if source.bounds is not None else None,
        "crs": crs_to_json(inspection.crs),
        "text": text_to_json(text) if text is not None else None,
        "fields": [asdict(field) for field in inspection.fields],
        "suggestions": [suggestion_to_json(each) for each in inspection.suggestions],
    }


def crs_to_json(crs: CrsGuess) -> dict[str, Any]:
    """The coordinate system as JSON has it."""
    return {
        "srid": crs.srid,
        "certain": crs.is_certain,
        "reason": crs.reason,
        "lands": str(crs.landing) if crs.landing is not None else None,
        "distance_km": crs.landing.distance_km if crs.landing is not None else None,
        "swap_xy": crs.swap_xy,
        "alternatives": [str(each) for each in crs.alternatives],
    }


def text_to_json(text: TextGuess) -> dict[str, Any]:
    """The encoding as JSON has it."""
    return {
        "encoding": text.encoding.name,
        "certain": text.is_certain,
        "reason": text.reason,
        "scores": {name: round(share, 3) for name, share in text.scores.items()},
        "samples": [{"before": before, "after": after} for before, after in text.samples],
    }


def suggestion_to_json(suggestion: Suggestion) -> dict[str, Any]:
    """A layer the file might be for, as JSON has it."""
    mapping = {each.column: each.field.name for each in suggestion.mapped.taken if each.field is not None}
    return {"layer": suggestion.layer.id, "mapping": mapping, "kept": list(suggestion.mapped.kept)}
