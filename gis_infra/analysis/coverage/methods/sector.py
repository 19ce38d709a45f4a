"""Sectors: cameras and masts that look one way, up to their reach, as far as buildings do not hide what is behind."""

import numpy as np
import shapely

from gis_infra.analysis.coverage.methods import areas
from gis_infra.analysis.coverage.methods.facilities import require_reach
from gis_infra.analysis.coverage.methods.model import Facilities, Ground, Objects, Reached
from gis_infra.analysis.coverage.methods.nearest import Floats
from gis_infra.analysis.coverage.methods.obstacles import read_blocks
from gis_infra.analysis.coverage.methods.rows import read_attributes, to_numbers
from gis_infra.analysis.coverage.methods.seeing import find_seen
from gis_infra.analysis.coverage.methods.shadows import draw_seen
from gis_infra.analysis.coverage.methods.sight import Eyes, Scene
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.standards.model import Sector, Service
from gis_infra.errors import InvalidParameter

ALL_ROUND = 180.0  # degrees to both sides


def reach_sectors(ground: Ground, service: Service, facilities: Facilities, places: Places) -> Reached:
    """Whom the facilities see; distances in metres, straight, none where nothing sees a place.

    Raises InvalidParameter for a service that does not say what a facility looks at, or how far.
    """
    sector = require_sector(service)
    require_reach(service, facilities)
    scene, unknown = make_scene(ground, sector, read_eyes(ground, sector, facilities), places)
    nearest = find_seen(scene)
    area = draw_seen(scene)
    share = (nearest.facility >= 0).astype(np.float64)
    if places.areal and places.shapes is not None:
        share = areas.share_areas(places.shapes, area)
    distance = np.where(nearest.facility < 0, np.nan, nearest.distance)
    told = {} if sector.hidden_by is None else {"buildings_of_unknown_height": unknown}
    return Reached(distance, nearest.facility, share, area, np.zeros(len(places)), told=told)


def require_sector(service: Service) -> Sector:
    """What a facility of the service looks at. Raises InvalidParameter if it does not say."""
    if service.sector is None:
        raise InvalidParameter(f"{service.id} does not say what a facility looks at", where="method")
    return service.sector


def make_scene(ground: Ground, sector: Sector, eyes: Eyes, places: Places) -> tuple[Scene, int]:
    """Eyes, places and what stands between, and how many buildings of unknown height lie within reach."""
    blocks, unknown = read_blocks(ground, sector.hidden_by, eyes)
    own = np.empty(0, np.int64)
    if sector.hidden_by is not None and places.layer == sector.hidden_by.member.layer:
        own = places.ids
    return Scene(eyes, blocks, sector.target_m, places.xy, own), unknown


def read_eyes(ground: Ground, sector: Sector, facilities: Facilities) -> Eyes:
    """The facilities as eyes; what is not recorded of one, as the service says: all round, and at `eye_m`."""
    fields = (sector.direction_field, sector.angle_field, sector.height_field)
    direction, angle, height = (np.full(len(facilities), np.nan) for _ in fields)
    for layer in set(facilities.layers) - {""}:
        rows = np.flatnonzero(facilities.layers == layer)
        columns = read_attributes(ground, layer, facilities.ids[rows], fields)
        direction[rows], angle[rows], height[rows] = (to_numbers(column) for column in columns)
    half = np.where(np.isnan(angle), sector.angle_deg, angle) / 2
    half = np.where(np.isnan(direction), ALL_ROUND, np.minimum(half, ALL_ROUND))
    seat = np.where(np.isnan(height), sector.eye_m, height)
    return Eyes(find_centres(facilities.shapes), seat, np.nan_to_num(direction), half, facilities.reach)


def make_all_round(sector: Sector, shapes: Objects, reach_m: float) -> Eyes:
    """Eyes that are only thought of: all round, at `eye_m`."""
    count = len(shapes)
    height, half, reach = (np.full(count, number) for number in (sector.eye_m, ALL_ROUND, reach_m))
    return Eyes(find_centres(shapes), height, np.zeros(count), half, reach)


def find_centres(shapes: Objects) -> Floats:
    """The points that eyes are at: float64[m,2]."""
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)), dtype=np.float64).reshape(-1, 2)
