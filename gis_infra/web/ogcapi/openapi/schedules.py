"""The part of the API definition that is about runs of coverage by the calendar; see `ogcapi.schedules`."""

from gis_infra.analysis.coverage.runs.orders import PERIODS
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.openapi.parts import (
    TEXT,
    Document,
    Operation,
    list_problems,
    make_path_parameter,
)

TAG = "coverage"
DAY = {"type": "string", "format": "date"}
SCHEDULE: Document = {
    "type": "object",
    "required": ["service", "period", "begun_on", "actor", "latest", "next_on"],
    "properties": {
        "service": TEXT,
        "period": {"type": "string", "enum": list(PERIODS)},
        "begun_on": {**DAY, "description": "Periods that ended before are not run."},
        "actor": {**TEXT, "description": "Who asked for it."},
        "latest": {**DAY, "nullable": True, "description": "First day of the last period that was run."},
        "next_on": {**DAY, "description": "When the next period has ended."},
    },
}
SCHEDULES: Document = {
    "type": "object",
    "required": ["schedules"],
    "properties": {"schedules": {"type": "array", "items": SCHEDULE}},
}
SERVICE = make_path_parameter("service", "Id of a service, as `/analysis/coverage` lists them.")
PERIOD = make_path_parameter("period", "What has to end.", {"type": "string", "enum": list(PERIODS)})


def list_schedule_paths() -> dict[str, dict[str, Operation]]:
    """The paths of the calendar, for administrators."""
    listed = {"description": "what is run by the calendar", "content": {media.JSON: {"schema": SCHEDULES}}}
    refused = list_problems("401", "403", "404")
    summaries = ("Have a service run whenever a period has ended", "Have a service no longer run by the calendar")
    return {
        "/coverage/schedules": {
            "get": Operation(
                "getCoverageSchedules", TAG, "Coverage run by the calendar",
                {"200": listed, **list_problems("401", "403")},
            ),
        },
        "/coverage/schedules/{service}/{period}": {
            "put": Operation(
                "putCoverageSchedule", TAG, summaries[0],
                {"204": {"description": "it is run so"}, **refused}, (SERVICE, PERIOD),
            ),
            "delete": Operation(
                "deleteCoverageSchedule", TAG, summaries[1],
                {"204": {"description": "it is not run so any more; its series stays"}, **refused}, (SERVICE, PERIOD),
            ),
        },
    }  # fmt: skip
