"""The part of the API definition that is about files to take away."""

from gis_infra.catalogue.definitions import Layer
from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi.openapi.features import refer_properties
from gis_infra.web.ogcapi.openapi.parts import (
    Document,
    Operation,
    list_problems,
    make_choice,
    make_parameter,
    refer_all,
)

SHARED = (
    *("bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs"),
    *("properties", "as-of", "lang"),
)


def list_export_paths(layer: Layer) -> dict[str, dict[str, Operation]]:
    """The path of a collection's file."""
    form = make_parameter("f", "Kind of file.", make_choice(FORMATS, "gpkg"))
    excel = make_parameter(
        "excel",
        "CSV only: begin with a mark of UTF-8, and put an apostrophe before text a spreadsheet would run as a formula.",
        {"type": "boolean", "default": True},
    )
    get = Operation(
        f"export.{layer.id}",
        "features",
        f"{layer.title.get_in(choose_language())}: a file to take away",
        {"200": make_answer(), **list_problems("404")},
        [form, excel, *refer_all(SHARED), *refer_properties(layer)],
        description="GeoJSON is in longitude/latitude, others in the CRS of storage, unless crs says otherwise.",
    )
    return {f"/collections/{layer.id}/export": {"get": get}}


def make_answer() -> Document:
    """The file, of any kind."""
    body = {"schema": {"type": "string", "format": "binary"}}
    kinds = {each.mimetype.split(";")[0]: body for each in FORMATS.values()}
    return {"description": "the file", "content": kinds}
