"""What every method takes and gives: facilities, the ground they stand on, and whom they reach, as frozen columns.

Row i of all columns of a value is one facility, or one place. Coordinates are metres in the city's CRS, easting first.
Knows no method.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.standards.model import Service, ServiceBook
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.tables import LayerTables

State = Literal["kept", "planned", "drawn"]
Objects = NDArray[Any]  # of dtype object


@dataclass(frozen=True)
class Drawn:
    """A facility that is only thought of. shape: city's CRS; reach, capacity: None for what the service says."""

    shape: BaseGeometry
    reach: float | None = None
    capacity: float | None = None


@dataclass(frozen=True)
class WhatIf:
    """What a run assumes that is not so.

    drawn, layers: facilities counted in, drawn or rows of a layer; planned: also the planned ones of the service's own
    layer; without: ids of its facilities counted out; closed: ids of streets that are not there; closing: a line or
    area, streets that cross it are not there either.
    """

    drawn: tuple[Drawn, ...] = ()
    layers: tuple[Member, ...] = ()
    planned: bool = False
    without: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    closing: BaseGeometry | None = None


@dataclass(frozen=True)
class Ground:
    """What a method may read more of. cache: the folder where what is slow to make is kept between runs."""

    connection: Connection
    tables: LayerTables
    book: ServiceBook
    units: UnitSet
    cache: Path
    what_if: WhatIf = field(default_factory=WhatIf)


@dataclass(frozen=True)
class Facilities:
    """Facilities in the order in which ties are broken: the service's own by id, then others by layer, drawn ones last.

    layer: the service's own. ids: int64[m], of drawn ones -1, -2 and so on. layers: where each row is, "" for drawn
    ones. codes, names: text or None. shapes: 2D. reach: float64[m], metres, or minutes where the service's reach is in
    minutes. capacity: float64[m], people, nan without limit. states: a State each.
    """

    layer: str
    ids: NDArray[np.int64]
    layers: Objects
    codes: Objects
    names: Objects
    shapes: Objects
    reach: NDArray[np.float64]
    capacity: NDArray[np.float64]
    states: Objects

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """bool[m]: counted in by a what if, whatever it was taken from."""
        return np.asarray(self.states != "kept", dtype=np.bool_)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ids)


@dataclass(frozen=True)
class Assigned:
    """Who goes where when facilities take only so many: people[i] of place[i] to facility[i], `distance` away.

    place, facility: int32[k], indices; the nearest pairs first.
    """

    place: NDArray[np.int32]
    facility: NDArray[np.int32]
    people: NDArray[np.float64]
    distance: NDArray[np.float64]


@dataclass(frozen=True)
class Reached:
    """Whom the facilities of a service reach.

    distance: float64[n] to `facility`, metres (minutes where the reach is in minutes), nan where there is none.
    facility: int32[n], index of the nearest that serves the place, else of the nearest of all; -1 where there is none.
    served: float64[n], share from 0 to 1 of the place's people. area: what is within reach, None in methods that know
    none. unassigned: float64[n], people within reach whom full facilities leave over. assigned: None without
    capacities. told: what the reader of the result is told, a number by name.
    """

    distance: NDArray[np.float64]
    facility: NDArray[np.int32]
    served: NDArray[np.float64]
    area: BaseGeometry | None
    unassigned: NDArray[np.float64]
    assigned: Assigned | None = None
    told: Mapping[str, int | float] = field(default_factory=dict)


Method = Callable[[Ground, Service, Facilities, Places], Reached]
