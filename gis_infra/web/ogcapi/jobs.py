"""The jobs of who asks: listed, looked at, their results, their end. Source: OGC 18-062r2, clauses 7.12, 7.13, 9, 11.

A job of somebody else and one that never was are told alike.
"""

import datetime
from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import Response, request

from gis_infra import errors
from gis_infra.errors import InvalidParameter, OurError, ResultNotReady
from gis_infra.features.formats import geojson
from gis_infra.processes.jobs import records
from gis_infra.processes.jobs.records import Job, JobFilter
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media, results, times
from gis_infra.web.ogcapi.parameters import parse_whole, require_known
from gis_infra.web.ogcapi.words import get_words
from gis_infra.web.problems import get_status, render_problem
from gis_infra.web.wording import say_all

FILTERS = ("type", "processID", "status", "datetime", "minDuration", "maxDuration", "limit", "offset")
DEFAULT_LIMIT, MOST = 10, 1000
LENGTH_OF_DAY = len("2026-11-23")
SPEAKING = frozenset({"import", "undo-import"})  # processes whose results tell reasons in words


def show_jobs() -> Response:
    """The caller's jobs, newest first; none for the public. Raises InvalidParameter."""
    require_known(request.args, FILTERS)
    services, wanted = get_services(), parse_filter(request.args)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        found = records.list_jobs(connection, get_actor(), wanted) if wanted is not None else []
    document = {
        "jobs": [describe(each) for each in found],
        "links": links.list_self_links("/jobs", title=get_words(choose_language())["jobs"]) + list_pages(wanted, found),
    }
    return media.answer(document, "jobs.html")


def parse_filter(arguments: Mapping[str, str]) -> JobFilter | None:
    """Which jobs a query string wants; None for those of a type there is none of. Raises InvalidParameter."""
    kinds = split(arguments.get("type", records.TYPE))
    if records.TYPE not in kinds:
        return None
    return JobFilter(
        processes=split(arguments.get("processID", "")),
        statuses=records.parse_statuses(arguments.get("status", "")),
        created=parse_created(arguments.get("datetime")),
        duration_s=(parse_seconds(arguments, "minDuration"), parse_seconds(arguments, "maxDuration")),
        limit=min(parse_whole(arguments, "limit", DEFAULT_LIMIT, 1), MOST),
        offset=parse_whole(arguments, "offset", 0, 0),
    )


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list. Raises InvalidParameter for what no list of names holds."""
    if "\x00" in text:
        raise InvalidParameter("a name has no zero byte in it", where="processID")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def parse_created(text: str | None) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """From when to when, both inclusive, a `datetime` parameter spans; None is open. Raises InvalidParameter."""
    first, slash, last = (text or "..").partition("/")
    return parse_moment(first, time.min), parse_moment(last if slash else first, time.max)


def parse_moment(text: str, of_day: time) -> datetime.datetime | None:
    """The moment of an RFC 3339 date and time, or of a day at the time `of_day`; None if open.

    Raises InvalidParameter.
    """
    if text in ("", ".."):
        return None
    day = times.parse_day(text)
    if len(text) == LENGTH_OF_DAY:
        return datetime.datetime.combine(day, of_day, datetime.UTC)
    return datetime.datetime.fromisoformat(text.upper())


def parse_seconds(arguments: Mapping[str, str], name: str) -> int | None:
    """The whole number of seconds in a parameter, None without it. Raises InvalidParameter."""
    return parse_whole(arguments, name, 0, 0) if name in arguments else None


def list_pages(wanted: JobFilter | None, found: list[Job]) -> list[links.Link]:
    """The link to the next page, if this one is full."""
    if wanted is None or len(found) < wanted.limit:
        return []
    arguments = {**request.args, "offset": str(wanted.offset + wanted.limit)}
    return [links.make_link("next", links.make_url("/jobs", arguments), media.JSON)]


def show_job(job_id: str) -> Response:
    """How far a job is. Raises UnknownJob."""
    require_known(request.args)
    return media.answer(describe(get_job(job_id)), "job.html")


def get_job(job_id: str) -> Job:
    """The caller's job of that id. Raises UnknownJob."""
    services = get_services()
    with reading(services.engine, services.settings.read_limit_s) as connection:
        return records.get_job(connection, get_actor(), job_id)


def show_results(job_id: str) -> Response:
    """The outputs of a job, or the error it ended with, under the status that error has.

    Raises UnknownJob, ResultNotReady.
    """
    require_known(request.args)
    job = get_job(job_id)
    if job.status == "failed":
        return render_failure(job)
    return results.answer(say_result(job), job.wanted, str(job.id))


def show_output(job_id: str, output: str) -> Response:
    """One output of a job as it is, which those asked for by reference link to.

    Raises UnknownJob, ResultNotReady, MissingError for a name it has no output of.
    """
    require_known(request.args)
    job = get_job(job_id)
    return render_failure(job) if job.status == "failed" else results.answer_one(get_result(job), output)


def get_result(job: Job) -> Mapping[str, Any]:
    """The outputs of a job. Raises ResultNotReady."""
    if job.result is None:
        raise ResultNotReady(f"the job is {job.status}; there is no result", where="jobId")
    return job.result


def say_result(job: Job) -> Mapping[str, Any]:
    """The result of a job, what an import says in the language asked for. Raises ResultNotReady."""
    found = get_result(job)
    return say_all(found) if job.process in SPEAKING else found


def render_failure(job: Job) -> Response:
    """The error a job ended with. Source: OGC 18-062r2, /req/core/job-results-failed."""
    problem = job.problem or {}
    kind = getattr(errors, problem.get("kind", ""), OurError)
    status = get_status(kind(""))
    return render_problem(status, problem.get("message", job.message), problem.get("where", ""))


def dismiss(job_id: str) -> Response:
    """End an open job, or forget a finished one; 200 and its last state. Raises UnknownJob, ConflictError."""
    require_known(request.args)
    services = get_services()
    with writing(services.engine) as connection:
        job = records.dismiss(connection, get_actor(), job_id, services.settings.job_keep_h)
    return media.answer_bytes(geojson.render(describe(job)), media.JSON)


def describe(job: Job) -> dict[str, Any]:
    """What is told of a job. Source: schema statusInfo.yaml."""
    return {**say_all(records.to_status(job)), "links": list_links(job)}


def list_links(job: Job) -> list[links.Link]:
    """Links from a job to itself, and to what became of it."""
    path = f"/jobs/{job.id}"
    found = [links.make_link("self", links.make_url(path), media.JSON)]
    relation = {"successful": links.REL_RESULTS, "failed": links.REL_EXCEPTIONS}.get(job.status)
    if relation is not None:
        found.append(links.make_link(relation, links.make_url(f"{path}/results"), media.JSON))
    return found
