"""The part of the API definition that is about the register of conflicts; `ogcapi.register` says what answers mean."""

from gis_infra.analysis.register.groups import GROUPINGS
from gis_infra.analysis.register.permission import STEPS
from gis_infra.analysis.register.reading import EQUALS, LACKS, SORTS
from gis_infra.analysis.register.tables import SEVERITIES, STATUSES
from gis_infra.analysis.register.working import LONGEST_TEXT
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.openapi.parts import (
    TEXT,
    Document,
    Operation,
    list_problems,
    make_parameter,
    make_path_parameter,
    make_response,
)

TAG = "conflicts"
WHOLE = {"type": "integer", "minimum": 0}
DAY = {"type": "string", "format": "date"}
FILTERS = (
    make_parameter("bbox", "Worst places in this box, lon/lat: xmin,ymin,xmax,ymax.", TEXT),
    make_parameter("status", f"open, all, or some of {', '.join(STATUSES)}, with commas.", TEXT),
    make_parameter("severity", f"Some of {', '.join(SEVERITIES)}, with commas.", TEXT),
    make_parameter("rule", "Id of a rule, or of a pack for all its rules.", TEXT),
    make_parameter("sector", "Sector of the layer of one of the assets.", TEXT),
    *(make_parameter(name, "The value wanted.", TEXT) for name in EQUALS),
    make_parameter("without", f"Of which they have no value: some of {', '.join(LACKS)}, with commas.", TEXT),
    make_parameter("due_before", "Due on an earlier day.", DAY),
    make_parameter("limit", "Most entries of the answer.", WHOLE),
)
PAGING = (
    make_parameter("sort", f"One of {', '.join(SORTS)}; with - before it, the reverse.", TEXT),
    make_parameter("offset", "Entries to skip.", WHOLE),
)
BY = make_parameter("by", "What groups share.", {"type": "string", "enum": list(GROUPINGS), "default": "street"})
NUMBER = make_path_parameter("conflictId", "Number of a conflict.", WHOLE)
IF_MATCH = {"name": "If-Match", "in": "header", "description": "The ETag the step was decided by.", "schema": TEXT}
STEP: Document = {
    "type": "object",
    "required": ["action"],
    "additionalProperties": False,
    "properties": {
        "action": {"type": "string", "enum": list(STEPS)},
        "text": {"type": "string", "maxLength": LONGEST_TEXT, "nullable": True},
        "value": {"type": "string", "nullable": True, "description": "A day, a department's code or a user name."},
    },
}


def list_register_paths() -> dict[str, dict[str, Operation]]:
    """The paths of the register."""
    page, groups = make_response("conflicts", media.GEOJSON), make_response("groups", media.JSON)
    entry = {"200": make_response("a conflict with its history", media.GEOJSON)}
    people = {"200": make_response("people", media.JSON), **list_problems("401", "403", "404")}
    body = {"required": True, "content": {media.JSON: {"schema": STEP}}}
    return {
        "/conflicts": {"get": make_get("getConflicts", "The register of conflicts", page, (*FILTERS, *PAGING))},
        "/conflicts/groups": {"get": make_get("getConflictGroups", "The register in groups", groups, (BY, *FILTERS))},
        "/conflicts/{conflictId}": {
            "get": Operation("getConflict", TAG, "One conflict", {**entry, **list_problems("404")}, (NUMBER,)),
            "post": Operation(
                "takeConflictStep",
                TAG,
                "Review, approve, resolve, reopen, hand on or comment on a conflict",
                {**entry, **list_problems("401", "403", "404", "409", "412", "415")},
                (NUMBER, IF_MATCH),
                body,
            ),
        },
        "/conflicts/{conflictId}/assignees": {
            "get": Operation("getConflictAssignees", TAG, "Whom a conflict may be given to", people, (NUMBER,)),
        },
    }


def make_get(name: str, summary: str, answer: Document, parameters: tuple[Document, ...]) -> Operation:
    """A path that is only read."""
    return Operation(name, TAG, summary, {"200": answer, **list_problems()}, parameters)
