"""By what services, demands and layers are called in words."""

from dataclasses import dataclass

from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.reports.coverage.telling import name_by_id
from gis_infra.reports.features import to_titles


@dataclass(frozen=True)
class Terms:
    """By what services, demands and layers are called in words: their files as they stand now."""

    book: ServiceBook
    catalogue: Catalogue


def name_layer(layer_id: str, terms: Terms) -> dict[str, str]:
    """The title of a layer, its id where there is no such layer any more."""
    layer = terms.catalogue.layers.get(layer_id)
    return name_by_id(layer_id) if layer is None else to_titles(layer.title)
