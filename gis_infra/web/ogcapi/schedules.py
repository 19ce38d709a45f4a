"""Which services' coverage is run by the calendar, for administrators; the command `coverage schedule` does the same.

    GET    /coverage/schedules
           -> 200 {schedules: [{service, period, begun_on, actor, latest, next_on}]}; 401, 403
    PUT    /coverage/schedules/{service}/{period}   -> 204, also where it is so already; 400, 401, 403, 404
    DELETE /coverage/schedules/{service}/{period}   -> 204, its series stays; 401, 403, 404

period: month, half_year or year.
"""

import datetime

from flask import Response, request

from gis_infra.analysis.coverage.runs.schedules import add_schedule, list_schedules, remove_schedule, require_admin
from gis_infra.features.formats import geojson
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.books import get_books
from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.parameters import require_known

WRITE_LIMIT_S = 10.0


def show_schedules() -> Response:
    """What is run, and when next. Raises SignInNeeded, NotPermitted."""
    require_known(request.args)
    services = get_services()
    with reading(services.engine, services.settings.read_limit_s) as connection:
        found = list_schedules(connection, get_actor(), get_today())
    answer = media.answer_bytes(geojson.render({"schedules": [vars(each) for each in found]}), media.JSON)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def put_schedule(service: str, period: str) -> Response:
    """Have a service run whenever a period has ended.

    Raises SignInNeeded, NotPermitted, MissingError for an unknown service, InvalidParameter for a period that is none.
    """
    require_known(request.args)
    actor = get_actor()
    # Who may not plan is not told which services there are.
    require_admin(actor)
    known = get_books().services.get_service(service).id
    with writing(get_services().engine, WRITE_LIMIT_S) as connection:
        add_schedule(connection, actor, known, period, get_today())
    return Response(status=204)


def delete_schedule(service: str, period: str) -> Response:
    """Have a service no longer run by the calendar. Raises SignInNeeded, NotPermitted, MissingError."""
    require_known(request.args)
    with writing(get_services().engine, WRITE_LIMIT_S) as connection:
        remove_schedule(connection, get_actor(), service, period)
    return Response(status=204)


def get_today() -> datetime.date:
    """The day it is, as the calendar of the runs counts it."""
    return datetime.datetime.now(datetime.UTC).date()
