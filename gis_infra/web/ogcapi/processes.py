"""The processes: listed, described, and run. Source: OGC 18-062r2, clauses 7.9 to 7.11."""

from http import HTTPStatus
from typing import Any

from flask import Response, request

from gis_infra import __version__
from gis_infra.catalogue.definitions import Language
from gis_infra.features.formats import geojson
from gis_infra.processes import registry
from gis_infra.processes.definitions import Outputs, Parameter, Process
from gis_infra.processes.jobs import records, runs
from gis_infra.storage.transactions import writing
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media, results
from gis_infra.web.ogcapi.execution import ASYNC, Execution, make_context, prefers_job, read_execution
from gis_infra.web.ogcapi.jobs import describe as describe_job
from gis_infra.web.ogcapi.parameters import parse_whole, require_known
from gis_infra.web.ogcapi.words import get_words

MOST = 1000


def show_processes() -> Response:
    """Every process. Source: OGC 18-062r2, clause 7.9; its `limit` shortens the list."""
    require_known(request.args, {"limit"})
    language = choose_language()
    limit = min(parse_whole(request.args, "limit", MOST, 1), MOST)
    document = {
        "processes": [summarise(each, language) for each in list(registry.list_processes().values())[:limit]],
        "links": links.list_self_links("/processes", title=get_words(language)["processes"]),
    }
    return media.answer(document, "processes.html")


def show_process(process_id: str) -> Response:
    """One process with its inputs and outputs. Raises UnknownProcess."""
    require_known(request.args)
    process, language = registry.get_process(process_id), choose_language()
    document = {
        **summarise(process, language),
        "inputs": {name: describe_input(each, language) for name, each in process.inputs.items()},
        "outputs": {name: describe_output(each, language) for name, each in process.outputs.items()},
    }
    document["links"] = [*links.list_self_links(f"/processes/{process.id}"), *list_links(process, language)]
    return media.answer(document, "process.html")


def summarise(process: Process, language: Language) -> dict[str, Any]:
    """What the list says of a process. Source: schema processSummary.yaml."""
    at_once = ["sync-execute"] if process.pace == "short" else []
    return {
        "id": process.id,
        "version": __version__,
        "title": process.title.get_in(language),
        "description": process.description.get_in(language),
        "jobControlOptions": [*at_once, "async-execute", "dismiss"],
        "outputTransmission": ["value", "reference"],
        "links": [links.make_link("self", links.make_url(f"/processes/{process.id}"), media.JSON)],
    }


def describe_input(parameter: Parameter, language: Language) -> dict[str, Any]:
    """An input. Source: schema inputDescription.yaml."""
    return {**describe_output(parameter, language), "minOccurs": int(parameter.required), "maxOccurs": 1}


def describe_output(parameter: Parameter, language: Language) -> dict[str, Any]:
    """An output. Source: schema outputDescription.yaml."""
    return {"title": parameter.title.get_in(language), "schema": dict(parameter.schema)}


def list_links(process: Process, language: Language) -> list[links.Link]:
    """Links from a process to what is done with it."""
    run = links.make_url(f"/processes/{process.id}/execution")
    mine = links.make_url("/jobs", {"processID": process.id})
    words = get_words(language)
    return [
        links.make_link(links.REL_EXECUTE, run, media.JSON, words["execute"]),
        links.make_link(links.REL_JOBS, mine, media.JSON, words["jobs"]),
    ]


def execute(process_id: str) -> Response:
    """Run a process: the outputs of a short one, or a job (201) of a long one or where that is preferred.

    Raises UnknownProcess, InvalidParameter, SignInNeeded for a job of the public, and what the process objects to.
    """
    require_known(request.args)
    process = registry.get_process(process_id)
    wanted, context = read_execution(process), make_context()
    registry.require_inputs(process, wanted.inputs)
    process.check(wanted.inputs, context)
    # A preference may be left aside: the public, who could not look at a job again, waits for the answer.
    if process.pace == "short" and (not prefers_job() or context.actor.is_anonymous):
        outputs = process.function(wanted.inputs, context)
        return results.answer(outputs, wanted.wanted, keep(process, wanted, outputs) if wanted.by_link else "")
    return start_job(process, wanted)


def keep(process: Process, wanted: Execution, outputs: Outputs) -> str:
    """The id of a job that keeps outputs which are answered by reference. Raises SignInNeeded for the public."""
    services = get_services()
    with writing(services.engine) as connection:
        job = records.keep(connection, get_actor(), process.id, wanted.wanted, wanted.inputs)
        runs.end_in(
            connection,
            job,
            {"status": "successful", "progress": 100, "message": "done", "result": outputs},
            services.settings.job_keep_h,
        )
    return str(job)


def start_job(process: Process, wanted: Execution) -> Response:
    """A new job, with its address. Source: OGC 18-062r2, /req/core/process-execute-success-async."""
    with writing(get_services().engine) as connection:
        job = records.submit(connection, get_actor(), process.id, wanted.inputs, wanted.wanted)
    answer = media.answer_bytes(geojson.render(describe_job(job)), media.JSON)
    answer.status_code = HTTPStatus.CREATED
    answer.headers["Location"] = links.make_url(f"/jobs/{job.id}")
    if prefers_job():
        answer.headers["Preference-Applied"] = ASYNC
    return answer
