"""The pages of the board; each is also JSON, by `f=json`, and tells what the asker may see."""

from typing import Any

from flask import Response, render_template, request, url_for

from gis_infra.analysis import cameras
from gis_infra.analysis.cameras import Cameras
from gis_infra.catalogue.definitions import Language
from gis_infra.features.state import get_tallies
from gis_infra.reports.board import charts, gathering, sections
from gis_infra.reports.board.files import write_period
from gis_infra.reports.board.gathering import BoardDesk
from gis_infra.reports.board.periods import list_periods
from gis_infra.reports.board.report import show_found
from gis_infra.reports.coverage.charts import show_asked
from gis_infra.reports.pages import Speech, show_day
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.files import render
from gis_infra.web.analysis.views import JSON, answer
from gis_infra.web.board import parameters
from gis_infra.web.board.desks import open_desk
from gis_infra.web.board.links import MapLinks
from gis_infra.web.context import get_services
from gis_infra.web.downloads import FOLDER, scratch_folder
from gis_infra.web.languages import choose_page_language
from gis_infra.web.ogcapi.words import get_words
from gis_infra.web.places import place

CAMERAS_A_PAGE = 100


def show_board() -> Response:
    """The city at a glance. Raises InvalidParameter, BusyError."""
    form = parameters.parse_form(request.args)
    with open_desk() as desk:
        found = gathering.gather_board(desk)
        if form == "json":
            return answer(found, JSON)
        tallies = get_tallies(desk.connection, desk.list_layers(), desk.actor)
    language = choose_page_language()
    drawn = {each["id"]: charts.draw_charts(each, desk.catalogue, language) for each in found["sectors"]}
    boxes = {layer_id: tally.extent for layer_id, tally in tallies.items()}
    return show("board.html", board=found, charts=drawn, boxes=boxes, periods=list_periods(desk.today))


def show_cameras() -> Response:
    """The cameras with the state of each, a page of them. Raises InvalidParameter, BusyError."""
    form = parameters.parse_form(request.args, "state", "offset")
    state, offset = parameters.parse_state(request.args), parameters.parse_offset(request.args)
    with open_desk() as desk:
        counts = gathering.count_cameras(desk, None)
        rows = [] if counts is None else list_rows(desk, (state, CAMERAS_A_PAGE, offset))
    found = {"states": counts, "state": state, "offset": offset, "cameras": rows}
    if form == "json":
        return answer(found, JSON)
    return show("cameras.html", found=found, a_page=CAMERAS_A_PAGE)


def list_rows(desk: BoardDesk, page: tuple[cameras.State | None, int, int]) -> list[dict[str, Any]]:
    """A page of cameras in words; none where their layer may not be seen."""
    layer = gathering.find_camera_layer(desk)
    if layer is None:
        return []
    codes = {name: layer.get_field(name).codes for name in ("kind", "purpose", "status")}
    rows = cameras.list_cameras(desk.connection, desk.tables, Cameras(desk.actor, layer), page)
    return [sections.to_camera(each, codes) for each in rows]


def send_report() -> Response:
    """The report of a period, to print or as a workbook. Raises InvalidParameter, BusyError."""
    form = parameters.parse_form(request.args, "of", forms=parameters.FILES)
    with place("export", "made"), open_desk() as desk:
        period = parameters.parse_of(request.args, desk.today)
        found = gathering.gather_period(desk, period)
    if form == "json":
        return answer(found, JSON)
    language = choose_page_language()
    with scratch_folder(get_services().settings.home / FOLDER) as folder:
        path = folder / f"report.{form}"
        write_period(found | {"board": find_board(language)}, desk.catalogue, language, path)
        return render(path.read_bytes(), f"report-{period.code}", form)


def find_board(language: Language) -> str:
    """The address of the board, for the way back from a page that stands by itself."""
    return url_for("board.show_board", lang=language)


def show(template: str, **values: Any) -> Response:
    """A page of this room in the reader's language, kept by no cache."""
    language = choose_page_language()
    speech = Speech(language, get_services().catalogue)
    links = MapLinks(url_for("viewer.map_page"), language)
    page = render_template(
        f"board/{template}", language=language, words=get_words(language), speech=speech, word=speech.word,
        map=links, day=show_day, indicated=lambda run, target: show_found(run, target, language),
        asked=lambda run, target: show_asked(target, run["unit"], language),
        is_public=get_actor().is_anonymous, **values,
    )  # fmt: skip
    made = Response(page, mimetype="text/html")
    made.headers["Cache-Control"] = "private, no-store"
    made.headers["Content-Language"] = language
    return made
