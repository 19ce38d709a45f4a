"""Where one more facility would help most: candidates, what each newly serves, and the best of them."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.model import Ground, Reached
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.sites.candidates import list_candidates
from gis_infra.analysis.coverage.sites.greedy import choose
from gis_infra.analysis.coverage.sites.model import Sites, SitesOrder
from gis_infra.analysis.coverage.sites.reaches import find_reaches
from gis_infra.analysis.coverage.standards.model import Service


def find_sites(ground: Ground, service: Service, places: Places, reached: Reached, order: SitesOrder) -> Sites:
    """The best candidates for whom the facilities there are do not serve.

    Each place is looked at in its point, one that is served in part with what is left of it.
    Raises InvalidParameter for an order that cannot be looked at, and a method that knows no reach.
    """
    left = places.people * (1.0 - reached.served)
    unserved = np.flatnonzero(left > 0)
    candidates = list_candidates(ground, service, order)
    reaches = find_reaches(ground, service, candidates, take_places(places, unserved))
    return Sites(candidates, choose(reaches, left[unserved], order.n))


def take_places(places: Places, rows: NDArray[np.intp]) -> Places:
    """Some of the places, in their points."""
    return dataclasses.replace(
        places,
        ids=places.ids[rows],
        xy=places.xy[rows],
        people=places.people[rows],
        unit=places.unit[rows],
        total=float(places.people[rows].sum()),
        areal=False,
        shapes=None,
    )
