"""What the map must know before it draws: the sectors and layers the actor may see, counted and styled.

`read_facts` asks the database, `to_config` is pure; together they are `/viewer/config`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Catalogue, Language, Layer, Sector
from gis_infra.features.state import get_tallies
from gis_infra.settings import Settings

# The first of these that holds something the actor may see says where the map opens.
OPENING_LAYERS = ("road_segment", "admin_unit", "building")

# Drawn as the quiet background of every map, in colours of the map's own.
BACKGROUND_LAYERS = frozenset({"water_body", "green_space", "building", "road_segment"})

# Where a layer that says nothing of its order is drawn; layer files go from 0, the lowest, to 100.
MIDDLE_ORDER = 50

# Areas that would lie over everything else are there to be switched on.
HIDDEN_AT_FIRST = frozenset(
    {
        "population_cell",
        "land_parcel",
        "pressure_zone",
        "drainage_catchment",
        "protected_zone",
        "admin_unit",
        "water_connection",
        # Results of one service among many; the coverage panel shows those that are asked for.
        "coverage_unit",
        "coverage_gap",
        "coverage_place",
        "coverage_site",
    }
)


@dataclass(frozen=True)
class LayerFacts:
    """What the database says for one request, and what the actor may do.

    bounds: xmin, ymin, xmax, ymax, longitude/latitude. importable, editable: layers the actor may import into, and
    whose features they may change.
    """

    counts: Mapping[str, int]
    bounds: tuple[float, float, float, float]
    importable: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()


def read_facts(
    connection: Connection, layers: Sequence[Layer], actor: Actor, city_extent: tuple[float, float, float, float]
) -> LayerFacts:
    """How many features of each layer `actor` may see, and the box the map opens on.

    city_extent: longitude/latitude, where the map opens when none of the opening layers holds anything.
    """
    tallies = get_tallies(connection, layers, actor)
    counts = {layer_id: tally.features for layer_id, tally in tallies.items()}
    boxes = [tallies[layer_id].extent for layer_id in OPENING_LAYERS if layer_id in tallies]
    box = next((each for each in boxes if each is not None), None)
    bounds = city_extent if box is None else (box.xmin, box.ymin, box.xmax, box.ymax)
    importable = frozenset(layer.id for layer in layers if actor.is_allowed("import", layer))
    editable = frozenset(layer.id for layer in layers if actor.is_allowed("edit", layer))
    return LayerFacts(counts, bounds, importable, editable)


def to_config(catalogue: Catalogue, layers: Sequence[Layer], facts: LayerFacts, language: Language) -> dict[str, Any]:
    """The sectors with their layers and the opening box, as JSON values; a sector without layers is left out."""
    return {
        "language": language,
        "bounds": list(facts.bounds),
        "sectors": [
            to_sector(sector, [layer for layer in layers if layer.sector == sector.id], facts, language)
            for sector in catalogue.sectors.values()
            if any(layer.sector == sector.id for layer in layers)
        ],
    }


def to_background(settings: Settings) -> dict[str, str] | None:
    """The tiles of somebody else's beneath the city's, as JSON values; None where the operator has set none."""
    if not settings.background:
        return None
    return {"tiles": settings.background, "attribution": settings.background_attribution}


def get_origin(address: str) -> str:
    """Scheme and host of an address, "" of none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if address else ""


def to_user(actor: Actor) -> dict[str, Any] | None:
    """Who is signed in, as JSON values; None for the public."""
    return None if actor.is_anonymous else {"name": actor.username, "department": actor.department}


def to_sector(sector: Sector, layers: list[Layer], facts: LayerFacts, language: Language) -> dict[str, Any]:
    """One sector and its layers, as JSON values."""
    return {
        "id": sector.id,
        "title": sector.title.get_in(language),
        "color": sector.color,
        "layers": [to_layer(layer, facts, language) for layer in layers],
    }


def to_layer(layer: Layer, facts: LayerFacts, language: Language) -> dict[str, Any]:
    """One layer: what it is, how much there is of it and how it is drawn, as JSON values.

    The source of its style layers is called by the layer's own id.
    """
    return {
        "id": layer.id,
        "title": layer.title.get_in(language),
        "geometry": layer.geometry,
        "access": layer.access,
        "count": facts.counts[layer.id],
        "may_import": layer.id in facts.importable,
        "may_edit": layer.id in facts.editable,
        "order": layer.style.rules.get("order", MIDDLE_ORDER),
        "shown": layer.id not in HIDDEN_AT_FIRST,
        "background": layer.id in BACKGROUND_LAYERS,
        "legend": styles.to_legend(layer, language),
        "style": styles.to_maplibre(layer, layer.id),
    }
