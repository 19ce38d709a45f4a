"""The tables of coverage runs, for what still runs by the first method alone."""

from gis_infra.analysis.coverage.runs.tables import COVERAGE_GAP, COVERAGE_RUN
from gis_infra.analysis.coverage.runs.tables import COVERAGE_UNIT as COVERAGE_RESULT

__all__ = ["COVERAGE_GAP", "COVERAGE_RESULT", "COVERAGE_RUN"]
