"""What this process has answered and how the jobs stand, in the text that Prometheus reads; for administrators.

    GET /metrics -> 200 text/plain; version=0.0.4; 401, 403

Each process of the server counts its own requests and says which it is by the label `process`. Nothing is told of
layers, features or people. Source: Prometheus documentation, Exposition formats, Text-based format.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from flask import Blueprint, Flask, Response, current_app, g, request
from sqlalchemy import Connection, func, select

from gis_infra.errors import NotPermitted, SignInNeeded
from gis_infra.processes.jobs.tables import JOB
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services

EXTENSION = "gis_infra_metrics"
TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "other"


@dataclass
class Tallies:
    """Requests of this process, by room and status. seconds: until the first byte was ready, together."""

    lock: Lock = field(default_factory=Lock)
    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Count what an application answers."""
    app.extensions[EXTENSION] = Tallies()
    app.before_request(begin)
    app.after_request(count)


def create_blueprint() -> Blueprint:
    """The route /metrics."""
    blueprint = Blueprint("metrics", __name__)
    blueprint.add_url_rule("/metrics", view_func=show_metrics)
    return blueprint


def begin() -> None:
    """Note when a request came."""
    g.metrics_begun = time.perf_counter()


def count(response: Response) -> Response:
    """Add an answer to the tallies; the answer as it is."""
    tallies = cast(Tallies, current_app.extensions[EXTENSION])
    room = request.blueprint or OTHER
    taken_s = time.perf_counter() - g.get("metrics_begun", time.perf_counter())
    with tallies.lock:
        tallies.requests[room, response.status_code] += 1
        tallies.seconds[room] = tallies.seconds.get(room, 0.0) + taken_s
    return response


def show_metrics() -> Response:
    """The tallies of this process and the state of the jobs. Raises SignInNeeded, NotPermitted, BusyError."""
    actor, services = get_actor(), get_services()
    if actor.is_anonymous:
        raise SignInNeeded("sign in to see how the server does")
    if not actor.is_admin():
        raise NotPermitted(f"{actor.username} may not see how the server does; that is for administrators")
    with reading(services.engine, services.settings.read_limit_s) as connection:
        jobs = count_jobs(connection)
    lines = [*render_requests(cast(Tallies, current_app.extensions[EXTENSION])), *render_jobs(jobs)]
    text = "".join(f"{line}\n" for line in lines)
    return Response(text, content_type=TEXT_FORMAT, headers={"Cache-Control": "private, no-store"})


def count_jobs(connection: Connection) -> Mapping[str, int]:
    """How many jobs are kept in each status."""
    rows = connection.execute(select(JOB.c.status, func.count()).group_by(JOB.c.status).order_by(JOB.c.status))
    return {row[0]: row[1] for row in rows}


def render_requests(tallies: Tallies) -> Iterator[str]:
    """The lines on requests."""
    with tallies.lock:
        requests, seconds = dict(tallies.requests), dict(tallies.seconds)
    process = f'process="{os.getpid()}"'
    yield "# HELP gis_infra_requests_total Requests answered, by room of the server and status."
    yield "# TYPE gis_infra_requests_total counter"
    for (room, status), number in sorted(requests.items()):
        yield f'gis_infra_requests_total{{room="{room}",status="{status}",{process}}} {number}'
    yield "# HELP gis_infra_request_seconds_total Seconds until answers were ready, by room of the server."
    yield "# TYPE gis_infra_request_seconds_total counter"
    for room, taken_s in sorted(seconds.items()):
        yield f'gis_infra_request_seconds_total{{room="{room}",{process}}} {taken_s:.6f}'


def render_jobs(jobs: Mapping[str, int]) -> Iterator[str]:
    """The lines on jobs."""
    yield "# HELP gis_infra_jobs Jobs that are kept, by status."
    yield "# TYPE gis_infra_jobs gauge"
    for status, number in jobs.items():
        yield f'gis_infra_jobs{{status="{status}"}} {number}'
