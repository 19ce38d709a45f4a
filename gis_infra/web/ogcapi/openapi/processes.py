"""The part of the API definition that is about processes and jobs.

Each process has a literal path, so that its inputs can be checked against their schemas by any client.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gis_infra.processes import registry
from gis_infra.processes.definitions import Parameter, Process
from gis_infra.processes.jobs import callbacks
from gis_infra.processes.jobs.records import STATUSES
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.openapi.parts import COMMON_PARAMETERS, make_parameter, make_response, refer

Document = dict[str, Any]
TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
ADDRESS = {"type": "string", "format": "uri"}
SUBSCRIBER = {
    "type": "object",
    "properties": dict.fromkeys(callbacks.MEMBERS, ADDRESS),
    "additionalProperties": False,
    "description": "Addresses a job calls back; only of hosts that the operator allows.",
}

SCHEMAS: Mapping[str, Document] = {
    "processList": {
        "type": "object",
        "required": ["processes", "links"],
        "properties": {
            "processes": {"type": "array", "items": {"$ref": "#/components/schemas/processSummary"}},
            "links": LINKS,
        },
    },
    "processSummary": {
        "type": "object",
        "required": ["id", "version"],
        "properties": {
            "id": TEXT,
            "version": TEXT,
            "title": TEXT,
            "description": TEXT,
            "jobControlOptions": {"type": "array", "items": TEXT},
            "outputTransmission": {"type": "array", "items": TEXT},
            "links": LINKS,
        },
    },
    "process": {
        "allOf": [
            {"$ref": "#/components/schemas/processSummary"},
            {"type": "object", "properties": {"inputs": {"type": "object"}, "outputs": {"type": "object"}}},
        ]
    },
    "statusInfo": {
        "type": "object",
        "required": ["jobID", "status", "type"],
        "properties": {
            "processID": TEXT,
            "type": {"type": "string", "enum": ["process"]},
            "jobID": TEXT,
            "status": {"type": "string", "enum": list(STATUSES)},
            "message": TEXT,
            "progress": {"type": "integer", "minimum": 0, "maximum": 100},
            **dict.fromkeys(("created", "started", "finished", "updated", "expires"), MOMENT),
            "links": LINKS,
        },
    },
    "jobList": {
        "type": "object",
        "required": ["jobs", "links"],
        "properties": {
            "jobs": {"type": "array", "items": {"$ref": "#/components/schemas/statusInfo"}},
            "links": LINKS,
        },
    },
}


def list_process_paths() -> Document:
    """The paths of the processes and of the caller's jobs."""
    job = [make_job_id()]
    paths = {
        "/processes": {"get": make_page("getProcesses", "Processes", "processList", [refer("parameters", "limit")])},
        "/jobs": {"get": make_page("getJobs", "My jobs", "jobList", list_filters())},
        "/jobs/{jobId}": {
            "get": make_page("getStatus", "How far a job is", "statusInfo", job),
            "delete": make_operation("dismiss", "End or forget a job", "statusInfo", job),
        },
        "/jobs/{jobId}/results": {"get": make_operation("getResult", "What a job gave", "", job)},
        "/jobs/{jobId}/results/{output}": {
            "get": make_operation("getOutput", "One output of a job", "", [*job, make_output_name()])
        },
    }
    for process in registry.list_processes().values():
        paths.update(list_own_paths(process))
    return paths


def list_own_paths(process: Process) -> Document:
    """The paths of one process."""
    title = process.title.get_in(choose_language())
    run = make_operation(f"execute.{process.id}", title, "")
    run["parameters"].append({"name": "Prefer", "in": "header", "required": False, "schema": TEXT})
    run["requestBody"] = {"required": False, "content": {media.JSON: {"schema": make_body(process)}}}
    run["responses"]["201"] = make_response("a job", media.JSON, "statusInfo")
    run["responses"]["201"]["headers"] = {"Location": {"description": "Address of the job", "schema": TEXT}}
    return {
        f"/processes/{process.id}": {"get": make_page(f"describe.process.{process.id}", title, "process")},
        f"/processes/{process.id}/execution": {"post": run},
    }


def make_operation(name: str, summary: str, schema: str, parameters: Sequence[Document] = ()) -> Document:
    """An operation that answers with JSON, or with a problem that is told as one."""
    answers: Document = {"200": make_response("success", media.JSON, schema)}
    for status in ("400", "401", "403", "404", "409", "500", "503"):
        answers[status] = refer("responses", "problem")
    common = [refer("parameters", each) for each in COMMON_PARAMETERS]
    return {
        "operationId": name,
        "tags": ["processes"],
        "summary": summary,
        "parameters": [*parameters, *common],
        "responses": answers,
    }


def make_page(name: str, summary: str, schema: str, parameters: Sequence[Document] = ()) -> Document:
    """An operation whose answer is a page too."""
    made = make_operation(name, summary, schema, parameters)
    made["responses"]["200"]["content"][media.HTML] = {"schema": TEXT}
    return made


def make_body(process: Process) -> Document:
    """What is posted to run a process. Source: OGC 18-062r2, schema execute.yaml.

    `response` is "document" if it is not given, and not "raw" as there: all outputs here are JSON.
    """
    properties = {name: to_openapi(each) for name, each in process.inputs.items()}
    inputs: Document = {"type": "object", "properties": properties}
    required = [name for name, each in process.inputs.items() if each.required]
    if required:
        inputs["required"] = required
    form = {"type": "string", "enum": ["document", "raw"], "default": "document"}
    members = {"inputs": inputs, "outputs": describe_asked(process), "response": form, "subscriber": SUBSCRIBER}
    return {"type": "object", "properties": members, **({"required": ["inputs"]} if required else {})}


def describe_asked(process: Process) -> Document:
    """Which outputs may be asked for, each by value or by reference."""
    mode = {"type": "string", "enum": ["value", "reference"], "default": "value"}
    one = {"type": "object", "properties": {"transmissionMode": mode}}
    return {"type": "object", "properties": dict.fromkeys(process.outputs, one), "additionalProperties": False}


def to_openapi(parameter: Parameter) -> Document:
    """The schema of an input, with its title."""
    return {**to_old_bounds(parameter.schema), "title": parameter.title.get_in(choose_language())}


def to_old_bounds(schema: Any) -> Any:
    """A JSON schema whose excluded bounds are told as OpenAPI 3.0 wants them: by a mark beside the bound."""
    if isinstance(schema, Mapping):
        changed = {name: to_old_bounds(each) for name, each in schema.items()}
        for name, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(schema.get(name), int | float):
                changed |= {bound: schema[name], name: True}
        return changed
    return [to_old_bounds(each) for each in schema] if isinstance(schema, list | tuple) else schema


def list_filters() -> list[Document]:
    """The parameters of the list of jobs. Source: OGC 18-062r2, clause 9.2."""
    names = {"type": "array", "items": TEXT}
    seconds = {"type": "integer", "minimum": 0}
    return [
        refer("parameters", "limit"),
        refer("parameters", "offset"),
        refer("parameters", "datetime"),
        make_parameter("type", "Kinds of job.", {"type": "array", "items": {"type": "string", "enum": ["process"]}}),
        make_parameter("processID", "Processes.", names),
        make_parameter("status", "Statuses.", {"type": "array", "items": {"type": "string", "enum": list(STATUSES)}}),
        make_parameter("minDuration", "Least seconds it ran.", seconds),
        make_parameter("maxDuration", "Most seconds it ran.", seconds),
    ]


def make_output_name() -> Document:
    """The name of an output in the path."""
    return {"name": "output", "in": "path", "required": True, "description": "Name of an output.", "schema": TEXT}


def make_job_id() -> Document:
    """The id of a job in the path."""
    return {"name": "jobId", "in": "path", "required": True, "description": "Id of a job.", "schema": TEXT}
