"""One layer into one file: surveyed, read in one snapshot, written beside its place, and put there when it is whole.

A fault, a signal or a full disk leaves nothing behind and an older file as it was.
"""

import importlib
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, column, select, table

from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import ConflictError, InvalidCrs, InvalidParameter, OurError
from gis_infra.features.batches import make_schema, read_batches
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import list_fields
from gis_infra.progress import Progress, tell_nobody
from gis_infra.storage.transactions import reading
from gis_infra.transfer.exporting.content import Content, Watched, Writer
from gis_infra.transfer.exporting.formats import Format, FormatId
from gis_infra.transfer.exporting.request import ExportReport, ExportRequest, Limits
from gis_infra.transfer.exporting.survey import Survey, measure

# Module of this room and function. Loaded when wanted, so that a server starts without pandas and pyogrio.
WRITERS: Mapping[FormatId, tuple[str, str]] = {
    "gpkg": ("gdal", "write_geopackage"),
    "shp": ("shapefile", "write_shapefile"),
    "geojson": ("geojson", "write_geojson"),
    "fgb": ("gdal", "write_flatgeobuf"),
    "csv": ("delimited", "write_csv"),
    "parquet": ("parquet", "write_parquet"),
}
SYSTEMS = table("spatial_ref_sys", column("srid"))


def export_file(
    engine: Engine,
    tables: LayerTables,
    request: ExportRequest,
    limits: Limits | None = None,
    progress: Progress = tell_nobody,
) -> ExportReport:
    """Write what the request's actor may see of a layer to a file, and say what was written.

    limits: a day, unless given. progress: called before each batch with the features done and all there are.
    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidBbox and InvalidCrs for what cannot be had as asked;
    ConflictError for a file that is there already; BusyError at a limit of time; OurError if it cannot be written.
    """
    started, limits, query = time.monotonic(), limits or Limits(), choose_attributes(request)
    query.actor.require("read", query.layer)
    require_free(request)
    with beside(request.path) as made, reading(engine, limits.seconds) as connection:
        require_system(connection, query.srid)
        survey = measure(connection, tables, query, request.format)
        require_few(survey, limits)
        sourced = survey.sourced if shows_source(request) else 0
        with_source = sourced > 0 and request.format.longest_text is None
        batches = read_batches(connection, tables, query, with_source=with_source)
        with closing(Watched(batches, watch(made.parent, survey, limits, progress))) as watched:
            content = Content(
                layer=query.layer,
                fields=tuple(list_fields(query)),
                srid=query.srid,
                schema=make_schema(query, with_source=with_source),
                batches=watched,
                survey=survey,
                with_id=request.all_fields,
                excel=request.excel,
                left_out=0 if with_source else sourced,
            )
            notes = write(made, content, request.format)
        size = put(made, request)
    return ExportReport(
        path=request.path,
        layer_id=query.layer.id,
        format=request.format,
        srid=query.srid,
        features=watched.rows,
        bytes=size,
        seconds=time.monotonic() - started,
        notes=notes,
    )


def choose_attributes(request: ExportRequest) -> FeatureQuery:
    """The query with the attributes that come out named: those asked for, else all the program does not keep itself."""
    query = request.query
    if query.properties is not None:
        return query
    names = (each.name for each in query.layer.fields if request.all_fields or not each.system)
    return replace(query, properties=tuple(names))


def shows_source(request: ExportRequest) -> bool:
    """Whether what imported files had besides comes out too.

    Nobody checked it and no protocol shows it, so it is for those who may bring such files; and only with everything.
    """
    query = request.query
    return query.properties is None and query.actor.is_allowed("import", query.layer)


def require_free(request: ExportRequest) -> None:
    """Return if the file may be written. Raises ConflictError if it is there, InvalidParameter for a wrong folder."""
    path = request.path
    if not path.parent.is_dir():
        raise InvalidParameter(f"there is no folder {path.parent}", where="file")
    if path.is_dir():
        raise InvalidParameter(f"{path} is a folder; name a file", where="file")
    if path.exists() and not request.overwrite:
        raise ConflictError(f"{path} is there already; take another name, or replace it with --overwrite", where="file")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Where to make the file: a hidden folder beside it, on the same disk, gone at the end. Raises InvalidParameter."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InvalidParameter(f"{path.parent} cannot be written to: {error.strerror}", where="file") from error
    with folder as name:
        yield Path(name) / path.name


def require_system(connection: Connection, srid: int) -> None:
    """Return if the database knows the coordinate system. Raises InvalidCrs."""
    if connection.execute(select(SYSTEMS.c.srid).where(SYSTEMS.c.srid == srid)).first() is None:
        raise InvalidCrs(f"this database cannot transform to EPSG:{srid}; it lacks its definition", where="crs")


def require_few(survey: Survey, limits: Limits) -> None:
    """Return if there are no more features than allowed. Raises InvalidParameter."""
    if limits.features is not None and survey.features > limits.features:
        message = f"{survey.features:,} features are asked for, and {limits.features:,} is the most at once"
        raise InvalidParameter(f"{message}; name a box or a filter, or use gis-infra export", where="bbox")


def watch(folder: Path, survey: Survey, limits: Limits, progress: Progress) -> Callable[[int], None]:
    """What is done before each batch: tell how far it is, and see that the disk is not filled."""

    def look(rows: int) -> None:
        """Tell, and look. Raises InvalidParameter if the file grows beyond what is allowed."""
        progress(rows, survey.features)
        if limits.bytes is not None and measure_folder(folder) > limits.bytes:
            message = f"the file would have more than the {limits.bytes / 1e9:.1f} GB allowed"
            raise InvalidParameter(f"{message}; name a box or a filter, or use gis-infra export", where="bbox")

    return look


def measure_folder(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(each.stat().st_size for each in folder.iterdir())


def write(made: Path, content: Content, wanted: Format) -> tuple[str, ...]:
    """Write the file and return what is to be said of it. Raises OurError if the disk does not take it."""
    module, name = WRITERS[wanted.id]
    writer: Writer = getattr(importlib.import_module(f"{__package__}.{module}"), name)
    try:
        return writer(made, content)
    except OSError as error:
        raise OurError(f"{made.name} cannot be written: {error.strerror or error}") from error


def put(made: Path, request: ExportRequest) -> int:
    """Bring the file to its place, and return its bytes. Raises ConflictError if another came there meanwhile."""
    require_free(request)
    size = made.stat().st_size
    made.replace(request.path)
    return size
