"""Features as GML: one element a feature, its properties in the order of the schema (`schema.py`).

Pure. A batch is written column by column, and joined by one call: feature by feature it would take Python longer than
the database takes to read them. A property without value is left out. `name`, `remarks` and, in GML 3.2, `asset_code`
stand twice: as the standard properties gml:name, gml:description and gml:identifier, and under their own names, because
GDAL and QGIS make fields only of the latter (docs/decisions/2026-11-23-standard-properties-of-gml.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.features.arrow_types import ARROW_TYPES
from gis_infra.features.batches import GEOMETRY, ID
from gis_infra.features.formats.gml.dialects import GML32, Dialect
from gis_infra.features.formats.gml.geometry import (
    Array,
    GmlAxes,
    read_shapes,
    render_boxes,
    render_geometries,
)
from gis_infra.features.formats.gml.names import GEOMETRY_NAME, PREFIX
from gis_infra.features.formats.gml.plain_shapes import Part, is_plain, list_box_parts, list_geometry_parts
from gis_infra.features.formats.gml.values import render_values
from gis_infra.features.query import Feature

NOTHING = pa.scalar("")


@dataclass(frozen=True)
class GmlForm:
    """How the features of one layer are written.

    properties: the attributes wanted, None for all; with_geometry: whether the geometry is, and the box around it.
    """

    layer: Layer
    axes: GmlAxes
    properties: tuple[str, ...] | None = None
    with_geometry: bool = True
    dialect: Dialect = GML32

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The attributes that are written, in order."""
        return tuple(each for each in self.layer.fields if self.properties is None or each.name in self.properties)

    @cached_property
    def standard_fields(self) -> tuple[Field, ...]:
        """Those that are written as standard properties too, in the order GML demands."""
        by_name = {each.name: each for each in self.fields}
        return tuple(by_name[name] for name in self.dialect.standard_properties if name in by_name)


def render_features(batch: pa.RecordBatch, form: GmlForm, around: tuple[str, str] = ("", "")) -> bytes:
    """The features as elements `infra:<layer>`, in UTF-8; the prefixes infra, gml and g must be bound around them.

    batch: of `features.batches`; geometries easting first, in the CRS that `form.axes` names.
    around: what stands before and after each.
    Source: OGC 07-036 (GML 3.2.1) clause 9; OGC 03-105r1 (GML 3.1.1) clause 8; OGC 02-069 (GML 2.1.2) clause 4.3.
    """
    tag, (before, after) = f"{PREFIX}:{form.layer.id}", around
    start = f'{before}<{tag} {form.dialect.feature_id}="{form.layer.id}.'
    boxes, geometries = list_shape_parts(batch, form)
    standard = ((each, *form.dialect.standard_properties[each.name]) for each in form.standard_fields)
    parts = [
        *(start, batch.column(ID).cast(pa.string()), '">'),
        *list_parts(batch, standard),
        *boxes,
        *list_parts(batch, ((each, *make_tags(each)) for each in form.fields)),
        *geometries,
        f"</{tag}>{after}",
    ]
    return get_content(join(parts))


def list_parts(batch: pa.RecordBatch, columns: Iterable[tuple[Field, str, str]]) -> Iterator[Part]:
    """What attributes come to, between the tags given with each; those without any value to nothing."""
    for field, start, end in columns:
        column = batch.column(field.name)
        if column.null_count == len(column):
            continue
        texts = render_values(column, field.type)
        yield from (surround(texts, start, end),) if column.null_count else (start, texts, end)


def join(parts: Iterable[Part]) -> pa.StringArray:
    """The parts of each row one after the other; null is nothing. Constants that meet are joined first."""
    columns: list[pa.StringArray | pa.StringScalar] = []
    for is_constant, group in groupby(parts, lambda each: isinstance(each, str)):
        run = list(group)
        columns += [pa.scalar("".join(run))] if is_constant else run
    return pc.binary_join_element_wise(*columns, NOTHING, null_handling="replace", null_replacement="")


def get_content(texts: pa.StringArray) -> bytes:
    """All texts of an array, one after the other."""
    if not len(texts):
        return b""
    _, offsets, content = texts.buffers()
    ends = memoryview(offsets).cast("i")
    return bytes(content[ends[texts.offset] : ends[texts.offset + len(texts)]])


def render_standard(batch: pa.RecordBatch, field: Field, dialect: Dialect) -> pa.StringArray:
    """The standard property an attribute is published as, of each feature; null where it has no value."""
    return surround(render_values(batch.column(field.name), field.type), *dialect.standard_properties[field.name])


def render_own(batch: pa.RecordBatch, field: Field) -> pa.StringArray:
    """The element of an attribute under its own name, of each feature; null where it has no value."""
    return surround(render_values(batch.column(field.name), field.type), *make_tags(field))


def make_tags(field: Field) -> tuple[str, str]:
    """The tags of an attribute under its own name."""
    tag = f"{PREFIX}:{field.name}"
    return f"<{tag}>", f"</{tag}>"


def surround(texts: pa.StringArray, start: str, end: str) -> pa.StringArray:
    """Each text between two others; null where it is null."""
    return pc.binary_join_element_wise(pa.scalar(start), texts, pa.scalar(end), NOTHING)


def render_shapes(batch: pa.RecordBatch, form: GmlForm) -> tuple[list[pa.StringArray], list[pa.StringArray]]:
    """The box and the geometry property of each feature, null where there is none; no column where none is wanted."""
    if not form.with_geometry:
        return [], []
    shapes = read_shapes(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    boxes = surround(to_column(render_boxes(shapes, form.axes, form.dialect)), "<gml:boundedBy>", "</gml:boundedBy>")
    tag = f"{PREFIX}:{GEOMETRY_NAME}"
    texts = render_geometry_values(shapes, batch.column(ID).to_pylist(), form)
    return [boxes], [surround(to_column(texts), f"<{tag}>", f"</{tag}>")]


def list_shape_parts(batch: pa.RecordBatch, form: GmlForm) -> tuple[Sequence[Part], Sequence[Part]]:
    """The boxes and the geometry properties of features, each in parts that follow each other."""
    if not form.with_geometry:
        return [], []
    shapes, kind = read_shapes(batch.column(GEOMETRY).to_numpy(zero_copy_only=False)), form.layer.geometry
    boxes = list_box_parts(shapes, form.axes, form.dialect) if is_plain(shapes, kind) else None
    if boxes is None:
        return render_shapes(batch, form)
    tag = f"{PREFIX}:{GEOMETRY_NAME}"
    name = (f"{form.layer.id}.", batch.column(ID).cast(pa.string()), f".{GEOMETRY_NAME}")
    geometries = list_geometry_parts(shapes, name, kind, form.axes, form.dialect)
    bounded = ["<gml:boundedBy>", *boxes, "</gml:boundedBy>"] if boxes else []
    return bounded, [f"<{tag}>", *geometries, f"</{tag}>"]


def render_geometry_values(shapes: Array, ids: Sequence[int], form: GmlForm) -> list[str]:
    """The geometry of each feature without its property; "" where there is none."""
    names = [f"{form.layer.id}.{id}.{GEOMETRY_NAME}" for id in ids]
    return render_geometries(shapes, names, form.layer.geometry, form.axes, form.dialect)


def to_column(texts: Sequence[str]) -> pa.StringArray:
    """Texts as a column, the empty ones as null."""
    return pa.array([text or None for text in texts], pa.string())


def to_batch(features: Sequence[Feature], form: GmlForm) -> pa.RecordBatch:
    """Features that were read one by one, as a batch."""
    fields = [pa.field(each.name, ARROW_TYPES[each.type]) for each in form.fields]
    schema = pa.schema([pa.field(ID, pa.int64()), *fields, pa.field(GEOMETRY, pa.binary())])
    rows = [{**each.properties, ID: each.id, GEOMETRY: each.wkb} for each in features]
    return pa.RecordBatch.from_pylist(rows, schema=schema)
