"""A collection as a file to take away: made whole on the disk first, then sent, and gone from the disk at once."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from flask import Response, request

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.features.query import FeatureQuery
from gis_infra.transfer.exporting.exporting import export_file
from gis_infra.transfer.exporting.formats import Format, choose_srid, get_format
from gis_infra.transfer.exporting.request import ExportRequest, Limits
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.downloads import FOLDER, MOST_BYTES, read_out, scratch_folder
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.parameters import FILTERS, Bounds, parse_flag, parse_query, require_known
from gis_infra.web.places import place

EVERYTHING = 2**62
OWN = frozenset({"excel"})
SHARED = FILTERS | {"bbox", "bbox-crs", "crs", "datetime", "properties", "as-of"}
UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))


def show_export(collection_id: str) -> Response:
    """The features of a collection that the caller may see, as a file.

    Raises UnknownLayer, InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty; BusyError at the limit of time, and
    while as many files as may be are being made.
    """
    services, layer, actor = get_services(), get_layer(collection_id), get_actor()
    require_known(request.args, OWN | SHARED | {field.name for field in layer.fields})
    wanted = get_format(request.args.get("f", "gpkg"))
    query = make_query(request.args, layer, actor, wanted)
    excel = wanted.id == "csv" and parse_flag({"excel": "true", **request.args}, "excel")
    if request.method == "HEAD":
        return add_name(Response(content_type=wanted.mimetype), layer, wanted)
    settings = services.settings
    limits = Limits(settings.export_limit_s, settings.export_limit_features, MOST_BYTES)
    with place("export", "made"), scratch_folder(settings.home / FOLDER) as folder:
        path = folder / f"{layer.id}{wanted.suffix}"
        asked = ExportRequest(query, path, wanted, excel=excel)
        report = export_file(services.engine, services.tables, asked, limits)
        body = read_out(path.open("rb"))
        next(body)
    answer = Response(body, content_type=wanted.mimetype, direct_passthrough=True)
    answer.content_length = report.bytes
    answer.headers.update(media.NO_STORE)
    return add_name(answer, layer, wanted)


def make_query(arguments: Mapping[str, str], layer: Layer, actor: Actor, wanted: Format) -> FeatureQuery:
    """What the parameters ask, read as those of items are, but for pages and order, which a file has none of.

    Raises InvalidParameter, InvalidBbox, InvalidCrs and UnknownProperty, each naming the parameter.
    """
    settings = get_services().settings
    shared = {name: text for name, text in arguments.items() if name not in OWN}
    query = parse_query(shared, layer, actor, Bounds.of(settings))
    asked = query.srid if "crs" in arguments else None
    return replace(
        query,
        srid=choose_srid(wanted, asked, settings.city_srid),
        limit=EVERYTHING,
        want_count=False,
        geometry_form="wkb",
        swap_axes=False,
    )


def add_name(answer: Response, layer: Layer, wanted: Format) -> Response:
    """The answer as a file to keep, under the layer's title in the caller's language. Source: RFC 6266, 4.3."""
    title = f"{layer.title.get_in(choose_language())}{wanted.suffix}".translate(UNSAFE)
    names = {"filename": f"{layer.id}{wanted.suffix}", "filename*": f"UTF-8''{quote(title, safe='')}"}
    answer.headers.set("Content-Disposition", "attachment", **names)
    return answer
