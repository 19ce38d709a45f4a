"""GeoPackage, FlatGeobuf and the parts of a shapefile: batches handed to GDAL's drivers as Arrow, never as objects.

Where GDAL would write less of a value than there is, it only warns. Warnings of one thread cannot be told from those of
another, so what a format cannot hold whole is refused before it comes here.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely

from gis_infra.errors import InvalidParameter, OurError
from gis_infra.features.batches import GEOMETRY, ID, SOURCE_ATTRIBUTES
from gis_infra.transfer.exporting.content import Content

# 1.2 is read by every GDAL since 2.2; newer versions make older ones remark that they may not know everything.
GEOPACKAGE_VERSION = "1.2"
TITLE_KEY, COMMENT_KEY, SUBTYPE_KEY = "GDAL:OGR:alternative_name", "GDAL:OGR:comment", "GDAL:OGR:subtype"


@dataclass(frozen=True)
class Target:
    """What GDAL makes. schema: the columns written, geometry last, with what GDAL is to know of each as metadata."""

    driver: str
    layer: str
    schema: pa.Schema
    geometry_type: str
    layer_options: Mapping[str, str] = field(default_factory=dict)
    dataset_options: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


def write_geopackage(path: Path, content: Content) -> tuple[str, ...]:
    """A GeoPackage of one layer: the feature's id is its key, the titles of the fields are the columns' names for QGIS.

    Shapes with heights and without stand beside each other.
    """
    wide, heighted = replace(content, with_id=True), content.survey.heighted > 0
    target = Target(
        driver="GPKG",
        layer=content.layer.id,
        schema=describe(wide),
        geometry_type=f"{content.layer.geometry} Z" if heighted else content.layer.geometry,
        layer_options={"FID": ID, "GEOMETRY_NAME": "geom", "DESCRIPTION": content.layer.title.vi},
        dataset_options={"VERSION": GEOPACKAGE_VERSION},
    )
    write(path, wide, target, content.batches)
    if heighted and content.survey.heighted < content.survey.shaped:
        allow_flat(path)
    return ()


def allow_flat(path: Path) -> None:
    """Say that heights are optional, which GDAL has no word for. Source: OGC 12-128r18, clause 2.1.5.1.1, column z."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_geometry_columns SET z = 2")


def write_flatgeobuf(path: Path, content: Content) -> tuple[str, ...]:
    """A FlatGeobuf with its index. Raises InvalidParameter if a feature has no geometry, for which it has no place."""
    survey = content.survey
    if survey.shaped < survey.features:
        missing = survey.features - survey.shaped
        message = f"{missing:,} of {survey.features:,} features have no geometry, which FlatGeobuf cannot hold"
        raise InvalidParameter(f"{message}; take GeoPackage, or name a box, which leaves them out", where="f")
    heighted = survey.heighted > 0
    geometry_type = f"{content.layer.geometry} Z" if heighted else content.layer.geometry
    target = Target("FlatGeobuf", content.layer.id, describe(content), geometry_type)
    batches = (add_heights(each) for each in content.batches) if heighted else content.batches
    write(path, content, target, batches)
    return list_height_notes(content)


def list_height_notes(content: Content) -> tuple[str, ...]:
    """What is to be said where all shapes of a file have heights or none has."""
    flat = content.survey.shaped - content.survey.heighted
    if not content.survey.heighted or not flat:
        return ()
    return (f"{flat:,} features have no heights; here they have height 0, which an import takes for none",)


def describe(content: Content) -> pa.Schema:
    """The columns written, each with its title and unit; a title that two fields have is left out."""
    titles = [each.title.vi for each in content.fields]
    metadata = {
        each.name: {TITLE_KEY: each.title.vi, **({COMMENT_KEY: each.unit} if each.unit else {})}
        for each in content.fields
        if titles.count(each.title.vi) == 1
    }
    metadata[SOURCE_ATTRIBUTES] = {SUBTYPE_KEY: "JSON"}
    columns = [content.schema.field(name).with_metadata(metadata.get(name)) for name in content.columns]
    return pa.schema([*columns, content.schema.field(GEOMETRY)])


def write(path: Path, content: Content, target: Target, batches: Iterable[pa.RecordBatch]) -> None:
    """Write every batch and see that the file has as many features.

    Raises what broke the batches; OurError if GDAL cannot write.
    """
    reader = pa.RecordBatchReader.from_batches(target.schema, (fit(each, target.schema) for each in batches))
    try:
        pyogrio.write_arrow(
            reader,
            path,
            layer=target.layer,
            driver=target.driver,
            geometry_name=GEOMETRY,
            geometry_type=target.geometry_type,
            crs=f"EPSG:{content.srid}",
            encoding=target.encoding,
            layer_options=dict(target.layer_options),
            dataset_options=dict(target.dataset_options),
        )
        require_all(path, target, content.batches.rows)
    except (RuntimeError, ValueError, OSError, pa.ArrowException) as error:
        raise content.batches.error or OurError(f"{path.name} cannot be written: {tell(error)}") from error


def fit(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of `schema`, by name, and what it says of them."""
    return pa.RecordBatch.from_arrays([batch.column(name) for name in schema.names], schema=schema)


def require_all(path: Path, target: Target, rows: int) -> None:
    """Return if the file can be read again to its last feature. Raises OurError.

    A full disk is not always told: FlatGeobuf's driver says nothing where its last bytes did not fit.
    """
    found = pyogrio.read_info(path, layer=target.layer, force_feature_count=True)["features"]
    if rows:
        _, last = pyogrio.read_arrow(path, layer=target.layer, skip_features=rows - 1, read_geometry=False)
        found = found if last.num_rows == 1 else last.num_rows
    if found != rows:
        raise OurError(f"{path.name} was not written whole: {found:,} of {rows:,} features; is the disk full?")


def add_heights(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with height 0 on shapes that have no heights."""
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    wkb = shapely.to_wkb(shapely.force_3d(shapes, 0.0), flavor="iso")
    return batch.set_column(batch.schema.names.index(GEOMETRY), GEOMETRY, pa.array(wkb, pa.binary()))


def tell(error: BaseException) -> str:
    """The first line of a foreign error."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
