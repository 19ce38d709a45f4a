"""XML filters of OGC, in all three versions, into the one tree."""

from gis_infra.filters.fes.conditions import COMPARISONS, RELATIONS, FilterFrame, UnsupportedFilter, parse_filter

__all__ = ["COMPARISONS", "RELATIONS", "FilterFrame", "UnsupportedFilter", "parse_filter"]
