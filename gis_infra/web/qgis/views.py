"""The two downloads: each names the steps."""

from collections.abc import Callable

from flask import Response

from gis_infra.catalogue.definitions import Layer
from gis_infra.spatial import boxes, crs
from gis_infra.spatial.boxes import Bbox
from gis_infra.storage import transactions
from gis_infra.web.actors import get_actor
from gis_infra.web.addresses import get_origin
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.qgis.documents import Content, Entry, render_layers, render_project
from gis_infra.web.viewer import describing
from gis_infra.web.wfs.views import SIGNED_IN_URL, URL_PREFIX

CONTENT_TYPE = "application/xml; charset=UTF-8"
TITLES = {"vi": "Hạ tầng {city}", "en": "Infrastructure of {city}"}


def show_project() -> Response:
    """A project of every layer the caller may see, in `lang`."""
    return download(render_project, "gis-infra.qgs")


def show_layers() -> Response:
    """The same layers, to be added to a project, in `lang`."""
    return download(render_layers, "gis-infra.qlr")


def download(render: Callable[[Content], bytes], name: str) -> Response:
    """A file that depends on who asks, so that no cache may keep it."""
    response = Response(render(make_content()), content_type=CONTENT_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.cache_control.no_store = True
    return response


def make_content() -> Content:
    """What the caller gets: who signed in is sent where the WFS asks for a password, the public where it does not."""
    services, actor, language = get_services(), get_actor(), choose_language()
    settings = services.settings
    layers = actor.list_readable(services.catalogue)
    with transactions.reading(services.engine, settings.read_limit_s) as connection:
        facts = describing.read_facts(connection, layers, actor, settings.city_extent)
    return Content(
        title=TITLES[language].format(city=settings.city_name),
        wfs=get_origin() + (URL_PREFIX if actor.is_anonymous else SIGNED_IN_URL),
        srid=settings.city_srid,
        box=to_city(facts.bounds, settings.city_srid),
        sectors=tuple(services.catalogue.sectors.values()),
        entries=[make_entry(layer, actor.is_allowed("edit", layer)) for layer in layers],
        language=language,
    )


def make_entry(layer: Layer, may_edit: bool) -> Entry:
    """A layer, shown and ordered as on the map."""
    order = layer.style.rules.get("order", describing.MIDDLE_ORDER)
    return Entry(layer, may_edit, layer.id not in describing.HIDDEN_AT_FIRST, order)


def to_city(bounds: tuple[float, float, float, float], srid: int) -> Bbox:
    """A box of longitude and latitude in the city's CRS."""
    found = crs.get_transformer(crs.WGS84, srid).transform_bounds(*bounds)
    return boxes.make(*found, srid=srid)
