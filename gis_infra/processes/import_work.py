"""The work of the process `import`: its inputs as a request to the importer, the report as its outputs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context, Inputs, Outputs
from gis_infra.processes.uploads import store
from gis_infra.processes.uploads.store import Upload
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.importing import import_file
from gis_infra.transfer.mapping.profile_reading import read_profile
from gis_infra.transfer.mapping.profiles import find_entry, merge
from gis_infra.transfer.mapping.profiles import to_reading as to_reading_of
from gis_infra.transfer.reporting.report import ImportReport, to_json
from gis_infra.transfer.request import ImportRequest, Reading
from gis_infra.transfer.sources.opening import list_layers

FLAGS = ("replace", "accept_rejected", "strict", "dry_run", "accept_outside")


@dataclass(frozen=True)
class Target:
    """Where a file goes and how it is read. layer_id, owner: None where nothing is said of it."""

    layer_id: str | None
    reading: Reading
    owner: str | None


def import_upload(inputs: Inputs, context: Context) -> Outputs:
    """Import, and delete the upload once all its layers are in.

    Raises MissingError if the upload has gone, UnknownLayer, and what `import_file` raises.
    """
    upload = store.get_upload(context.settings, context.actor, inputs["upload"])
    request = to_request(inputs, context, upload)
    report = import_file(context.engine, request, context.actor, context.progress)
    if report.import_id is not None:
        settle(context, upload, request.source_layer)
    return {"report": to_output(report)}


def to_request(inputs: Inputs, context: Context, upload: Upload) -> ImportRequest:
    """What the importer is asked.

    Raises MissingError or InvalidParameter for the profile, UnknownLayer, and InvalidSource if it has to be looked into
    the upload for the name of its layer, and that cannot be read.
    """
    path = store.get_path(context.settings, upload)
    said = Target(inputs.get("layer"), to_reading(inputs), inputs.get("owner"))
    if "profile" in inputs:
        said = add_profile(said, inputs["profile"], inputs.get("source_layer") or get_only_layer(path), context)
    if said.layer_id is None:
        raise InvalidParameter("name the layer to import into", where="layer")
    if context.folder is not None:
        store.make_private(context.folder)
    return ImportRequest(
        path=path,
        layer=context.catalogue.get_layer(said.layer_id),
        table=context.tables.get(said.layer_id),
        city=City(context.settings.city_srid, context.settings.city_extent),
        source_layer=inputs.get("source_layer"),
        reading=said.reading,
        owner=said.owner,
        on_duplicate=inputs.get("on_duplicate", "update"),
        rejected_folder=context.folder,
        **{name: inputs.get(name, False) for name in FLAGS},
    )


def add_profile(said: Target, name: str, source_layer: str, context: Context) -> Target:
    """What is said and, where that is silent, what a profile knows of the file.

    Raises MissingError for an unknown profile, InvalidParameter for one that knows nothing of such a file.
    """
    profile = read_profile(context.settings.profiles, name, context.catalogue)
    entry = find_entry(profile, source_layer)
    if entry is None:
        known = ", ".join(each.source for each in profile.entries) or "none"
        message = f"the profile {name} knows no file like {source_layer}; it knows {known}; choose the layer without it"
        raise InvalidParameter(message, where="profile")
    owner = said.owner if said.owner is not None else profile.owner
    return Target(said.layer_id or entry.layer, merge(to_reading_of(entry), said.reading), owner)


def get_only_layer(path: Path) -> str:
    """The name of the one layer of an upload. Raises InvalidSource, InvalidParameter if it has several."""
    layers = list_layers(path)
    if len(layers) > 1:
        raise InvalidParameter(
            f"the upload holds {len(layers)} layers; name one: {', '.join(layers)}", where="source_layer"
        )
    return layers[0]


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
    layers = list_layers(store.get_path(context.settings, upload))
    noted = store.note_imported(context.settings, upload, layer if layer is not None else layers[0])
    if set(layers) <= set(noted.imported):
        store.remove(context.settings, upload.id)


def to_output(report: ImportReport) -> dict[str, Any]:
    """The report as who asked sees it: it does not tell where the server keeps its files."""
    kept = report.rejected_file
    return {**to_json(report), "rejected_file": kept.name if kept is not None else None}
