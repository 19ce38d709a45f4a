"""GeoParquet 1.1: geometry as WKB, the box of each feature beside it, so that readers skip row groups by place.

Source: OGC GeoParquet 1.1.0, clauses on file metadata, `covering` and `geometry_types`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet
import shapely

from gis_infra.features.batches import GEOMETRY
from gis_infra.spatial import crs
from gis_infra.transfer.exporting.content import Content

VERSION = "1.1.0"
GROUP_ROWS = 50_000
BOX = "bbox"
SIDES = ("xmin", "ymin", "xmax", "ymax")
BOX_TYPE = pa.struct([(side, pa.float64()) for side in SIDES])


@dataclass
class Seen:
    """What the shapes written so far are: their types, whether any has heights, their common box."""

    types: set[str] = field(default_factory=set)
    box: list[float] = field(default_factory=lambda: [np.inf, np.inf, -np.inf, -np.inf])

    def add(self, shapes: Any, bounds: Any) -> None:
        """Take note of more shapes."""
        there = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
        if not len(there):
            return
        kinds = {(shape.geom_type, bool(has_z)) for shape, has_z in zip(*find_kinds(there), strict=True)}
        self.types |= {f"{kind} Z" if has_z else kind for kind, has_z in kinds}
        least, most = np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)
        self.box = [*np.minimum(self.box[:2], least).tolist(), *np.maximum(self.box[2:], most).tolist()]


def find_kinds(shapes: Any) -> tuple[Any, Any]:
    """One shape of each type, with heights and without."""
    keys = shapely.get_type_id(shapes) * 2 + shapely.has_z(shapes)
    _, first = np.unique(keys, return_index=True)
    return shapes[first], shapely.has_z(shapes[first])


def write_parquet(path: Path, content: Content) -> tuple[str, ...]:
    """A GeoParquet of row groups of 50,000 features, compressed."""
    columns = [content.schema.field(name) for name in content.columns]
    schema = pa.schema([*columns, pa.field(GEOMETRY, pa.binary()), pa.field(BOX, BOX_TYPE)])
    seen = Seen()
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in gather(content.batches):
            shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy())
            bounds = shapely.bounds(shapes)
            seen.add(shapes, bounds)
            table = batch.select([each.name for each in schema if each.name != BOX])
            writer.write_table(table.append_column(schema.field(BOX), make_boxes(bounds)), row_group_size=GROUP_ROWS)
        writer.add_key_value_metadata({"geo": orjson.dumps(make_metadata(content, seen)).decode()})
    return ()


def gather(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in larger pieces."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= GROUP_ROWS:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def make_boxes(bounds: Any) -> pa.Array:
    """The box of each feature, null where it has no geometry."""
    sides = [pa.array(bounds[:, number], pa.float64()) for number in range(len(SIDES))]
    return pa.StructArray.from_arrays(sides, fields=list(BOX_TYPE), mask=pa.array(np.isnan(bounds[:, 0])))


def make_metadata(content: Content, seen: Seen) -> dict[str, Any]:
    """The value of the key `geo`. Longitude/latitude is what the standard takes where no CRS is named."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(seen.types),
        "covering": {"bbox": {side: [BOX, side] for side in SIDES}},
    }
    if content.srid != crs.WGS84:
        column["crs"] = crs.get_crs(content.srid).to_json_dict()
    if seen.types:
        column["bbox"] = seen.box
    return {"version": VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
