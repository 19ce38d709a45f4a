"""Along streets: a place is served when a facility within its own reach of it is found on the way. docs/coverage.md."""

from collections.abc import Mapping

import numpy as np

from gis_infra.analysis.coverage.methods import areas, capacity
from gis_infra.analysis.coverage.methods.facilities import require_reach
from gis_infra.analysis.coverage.methods.model import Facilities, Ground, Objects, Reached
from gis_infra.analysis.coverage.methods.nearest import Floats, Pairs
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.standards.model import Service, StreetProfile
from gis_infra.analysis.coverage.streets.caching import Cache
from gis_infra.analysis.coverage.streets.measuring import measure_reached
from gis_infra.analysis.coverage.streets.model import Pace, Snapped, StreetPairs
from gis_infra.analysis.coverage.streets.network import Closing, Network, open_network
from gis_infra.analysis.coverage.streets.pairs import measure_each
from gis_infra.analysis.coverage.streets.reaching import reach_area
from gis_infra.analysis.coverage.streets.snapping import snap_points
from gis_infra.catalogue.definitions import Title

ANYBODY = "anybody"


def reach_streets(ground: Ground, service: Service, facilities: Facilities, places: Places) -> Reached:
    """Whom the facilities reach along streets; distances in metres, or minutes where the service's reach is in them.

    Areal places are served by the share of their area; where facilities take only so many people, in their point.
    Raises InvalidParameter for a service without a reach or a profile that is not there.
    """
    require_reach(service, facilities)
    network = open_streets(ground, service)
    starts, ends = network.snap_shapes(facilities.shapes), network.snap_points(places.xy)
    nearest, served = measure_reached(network.graph, starts, ends, facilities.reach, service.direction)
    share = served.astype(np.float64)
    area = reach_area(network.graph, network.barriers, starts, facilities.reach, network.snap_m, service.direction)
    limited = bool(np.isfinite(facilities.capacity).any())
    if places.areal and places.shapes is not None and not limited:
        share = areas.share_areas(places.shapes, area)
    distance = np.where(nearest.facility < 0, np.nan, nearest.distance)
    told = tell_missing(starts, ends)
    reached = Reached(distance, nearest.facility, share, area, np.zeros(len(places)), told=told)
    if not limited:
        return reached
    found = measure_each(network.graph, starts, ends, facilities.reach, service.direction)
    pairs = Pairs(found.place, found.facility, found.distance)
    return capacity.share_pairs(reached, places.people, facilities, pairs)


def measure_sites(ground: Ground, service: Service, shapes: Objects, reach: Floats, places: Places) -> StreetPairs:
    """Every pair of a site (object[c]) and a place within the site's reach (float64[c]) of it along streets.

    Raises InvalidParameter for more pairs than memory should hold.
    """
    network = open_streets(ground, service)
    ends = snap_points(network.graph, network.barriers, places.xy, network.snap_m)
    return measure_each(network.graph, network.snap_shapes(shapes), ends, reach, service.direction)


def list_nodes(ground: Ground, service: Service) -> Floats:
    """Ends and joints of the streets that the service may use, all if it names no profile: float64[v,2]."""
    graph = open_streets(ground, service).graph
    used = np.unique(np.concatenate([graph.tail, graph.head]))
    nodes: Floats = np.unique(graph.nodes[used], axis=0)
    return nodes


def open_streets(ground: Ground, service: Service) -> Network:
    """The streets as the service meets them, those that the what if closes left out."""
    streets = ground.book.streets
    everything = StreetProfile(ANYBODY, Title("", ""), frozenset(), False, {}, streets.walking_kmh)
    profile = everything if service.profile is None else streets.get_profile(service.profile)
    pace = Pace(profile, "metres" if service.minutes is None else "minutes", streets.walking_kmh)
    closing = Closing(ground.what_if.closed, ground.what_if.closing)
    return open_network(ground.connection, ground.tables, streets, (pace, closing), Cache(ground.cache))


def tell_missing(facilities: Snapped, places: Snapped) -> Mapping[str, int]:
    """How many lie too far from a street, or beyond a barrier."""
    return {"facilities_off_street": facilities.count_missing(), "places_off_street": places.count_missing()}
