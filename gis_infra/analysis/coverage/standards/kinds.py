"""The words that standards of coverage are written in: methods, kinds of demand, indicators and the like."""

from typing import Literal

Method = Literal["straight_line", "streets", "connection", "zone", "sector"]
DemandKind = Literal["column", "dasymetric", "count", "areal", "area"]
Direction = Literal["from", "to"]
LinkedBy = Literal["location", "code"]
Blocks = Literal["access", "streets"]
Scope = Literal["both", "city", "unit"]
Indicator = Literal[
    "people_share",
    "places_share",
    "area_share",
    "mean_distance",
    "median_distance",
    "p90_distance",
    "largest_distance",
    "mean_radius_m",
    "people_per_facility",
    "facilities",
    "amount_per_person",
]

METHODS: tuple[Method, ...] = ("straight_line", "streets", "connection", "zone", "sector")
DEMAND_KINDS: tuple[DemandKind, ...] = ("column", "dasymetric", "count", "areal", "area")
DIRECTIONS: tuple[Direction, ...] = ("to", "from")
LINKED_BY: tuple[LinkedBy, ...] = ("location", "code")
BLOCKS: tuple[Blocks, ...] = ("access", "streets")
SCOPES: tuple[Scope, ...] = ("both", "city", "unit")
# Shares are of 1; distances in the service's unit, metres or minutes, weighted by people; facilities are counted.
INDICATORS: tuple[Indicator, ...] = (
    "people_share",
    "places_share",
    "area_share",
    "mean_distance",
    "median_distance",
    "p90_distance",
    "largest_distance",
    "mean_radius_m",
    "people_per_facility",
    "facilities",
    "amount_per_person",
)
