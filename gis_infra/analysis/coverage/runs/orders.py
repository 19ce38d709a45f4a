"""What a run of coverage is asked for: frozen values."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.coverage.methods.model import Drawn, WhatIf
from gis_infra.analysis.coverage.sites.model import SOURCES, SitesOrder, Source
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.progress import Progress, tell_nobody

__all__ = ["SOURCES", "CoverageOrder", "Drawn", "Period", "SitesOrder", "Source", "WhatIf", "tell_nobody"]

Period = Literal["month", "half_year", "year"]
PERIODS: tuple[Period, ...] = ("month", "half_year", "year")


@dataclass(frozen=True)
class CoverageOrder:
    """Who wants a service looked at, as of which moment, and what shall be otherwise than its standard says.

    cache: the folder where what is slow to make is kept between runs. catalogue: the layers there are.
    day: of the units, None for that of `now`.
    level: code of the units' level; demand, method, distance_m, minutes: None for what the standard says.
    what_if: shapes in the city's CRS. period: of the series that the run belongs to, for administrators only.
    tell: told how many of how many steps are done; it raises if the run is to end.
    """

    actor: Actor
    service: str
    now: datetime.datetime
    cache: Path
    catalogue: Catalogue
    day: datetime.date | None = None
    level: str | None = None
    demand: str | None = None
    method: str | None = None
    distance_m: float | None = None
    minutes: float | None = None
    what_if: WhatIf = field(default_factory=WhatIf)
    sites: SitesOrder | None = None
    period: Period | None = None
    title: str = ""
    tell: Progress = tell_nobody
