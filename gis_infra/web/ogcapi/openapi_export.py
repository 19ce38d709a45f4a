"""The part of the API definition that is about files to take away."""

from collections.abc import Sequence
from typing import Any

from gis_infra.catalogue.definitions import Layer
from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi.openapi_parts import make_parameter, refer

Document = dict[str, Any]
SHARED = ("bbox", "bbox-crs", "crs", "datetime", "properties", "lang")


def list_export_paths(layer: Layer, own: Sequence[Document]) -> Document:
    """The path of a collection's file. own: the layer's properties as parameters."""
    form = make_parameter("f", "Kind of file.", {"type": "string", "enum": list(FORMATS), "default": "gpkg"})
    excel = make_parameter(
        "excel",
        "CSV only: begin with a mark of UTF-8, and put an apostrophe before text a spreadsheet would run as a formula.",
        {"type": "boolean", "default": True},
    )
    get = {
        "operationId": f"export.{layer.id}",
        "tags": ["features"],
        "summary": f"{layer.title.get_in(choose_language())}: a file to take away",
        "description": "GeoJSON is in longitude/latitude, others in the CRS of storage, unless crs says otherwise.",
        "parameters": [form, excel, *(refer("parameters", name) for name in SHARED), *own],
        "responses": make_responses(),
    }
    return {f"/collections/{layer.id}/export": {"get": get}}


def make_responses() -> Document:
    """What may be answered."""
    body = {"schema": {"type": "string", "format": "binary"}}
    kinds = {each.mimetype.split(";")[0]: body for each in FORMATS.values()}
    problems = {status: refer("responses", "problem") for status in ("400", "404", "500", "503")}
    return {"200": {"description": "the file", "content": kinds}, **problems}
