"""The methods there are, by the word that services name them with."""

from collections.abc import Mapping

from gis_infra.analysis.coverage.methods.connection import reach_connected
from gis_infra.analysis.coverage.methods.model import Method
from gis_infra.analysis.coverage.methods.sector import reach_sectors
from gis_infra.analysis.coverage.methods.straight_line import reach_straight
from gis_infra.analysis.coverage.methods.streets import reach_streets
from gis_infra.analysis.coverage.methods.zone import reach_zones

METHODS: Mapping[str, Method] = {
    "straight_line": reach_straight,
    "streets": reach_streets,
    "connection": reach_connected,
    "zone": reach_zones,
    "sector": reach_sectors,
}
