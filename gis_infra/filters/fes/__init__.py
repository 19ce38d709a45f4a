"""XML filters of OGC, in all three versions, into the one tree."""

from gis_infra.filters.fes.comparisons import COMPARISONS
from gis_infra.filters.fes.conditions import parse_filter, read_filter
from gis_infra.filters.fes.frames import FilterFrame, UnsupportedFilter
from gis_infra.filters.fes.relations import RELATIONS

__all__ = ["COMPARISONS", "RELATIONS", "FilterFrame", "UnsupportedFilter", "parse_filter", "read_filter"]
