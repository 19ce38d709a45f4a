"""The methods there are, by the word that services name them with."""

from collections.abc import Mapping

from gis_infra.analysis.coverage.methods.model import Method
from gis_infra.analysis.coverage.methods.straight_line import reach_straight

METHODS: Mapping[str, Method] = {
    "straight_line": reach_straight,
}
