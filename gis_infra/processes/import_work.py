"""The work of the process `import`: its inputs as a request to the importer, the report as its outputs."""

from typing import Any

from gis_infra.processes import uploads
from gis_infra.processes.definitions import Context, Inputs, Outputs
from gis_infra.processes.uploads import Upload
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.importing import import_file
from gis_infra.transfer.reporting.report import ImportReport, to_json
from gis_infra.transfer.request import ImportRequest, Reading
from gis_infra.transfer.sources.source import list_layers


def import_upload(inputs: Inputs, context: Context) -> Outputs:
    """Import, and delete the upload once all its layers are in.

    Raises MissingError if the upload has gone, UnknownLayer, and what `import_file` raises.
    """
    upload = uploads.get_upload(context.settings, context.actor, inputs["upload"])
    request = to_request(inputs, context, upload)
    report = import_file(context.engine, request, context.actor, context.progress)
    if report.import_id is not None:
        settle(context, upload, request.source_layer)
    return {"report": to_output(report)}


def to_request(inputs: Inputs, context: Context, upload: Upload) -> ImportRequest:
    """What the importer is asked."""
    layer = context.catalogue.get_layer(inputs["layer"])
    if context.folder is not None:
        uploads.make_private(context.folder)
    return ImportRequest(
        path=uploads.get_path(context.settings, upload),
        layer=layer,
        table=context.tables.get(layer.id),
        city=City(context.settings.city_srid, context.settings.city_extent),
        source_layer=inputs.get("source_layer"),
        reading=to_reading(inputs),
        owner=inputs.get("owner"),
        on_duplicate=inputs.get("on_duplicate", "update"),
        replace=inputs.get("replace", False),
        strict=inputs.get("strict", False),
        dry_run=inputs.get("dry_run", False),
        accept_outside=inputs.get("accept_outside", False),
        rejected_folder=context.folder,
    )


def to_reading(inputs: Inputs) -> Reading:
    """What is said of the file."""
    return Reading(
        crs=inputs.get("crs"),
        swap_xy=inputs.get("swap_xy", False),
        accept_guess=inputs.get("accept_guess", False),
        encoding=inputs.get("encoding"),
        encodings=inputs.get("encodings", {}),
        mapping=inputs.get("map", {}),
        units=inputs.get("units", {}),
        codes=inputs.get("codes", {}),
        bare_geometry=inputs.get("bare_geometry", False),
    )


def settle(context: Context, upload: Upload, layer: str | None) -> None:
    """Note that a layer of an upload was imported; delete the upload when it was the last."""
    layers = list_layers(uploads.get_path(context.settings, upload))
    noted = uploads.note_imported(context.settings, upload, layer if layer is not None else layers[0])
    if set(layers) <= set(noted.imported):
        uploads.remove(context.settings, upload.id)


def to_output(report: ImportReport) -> dict[str, Any]:
    """The report as who asked sees it: it does not tell where the server keeps its files."""
    kept = report.rejected_file
    return {**to_json(report), "rejected_file": kept.name if kept is not None else None}
