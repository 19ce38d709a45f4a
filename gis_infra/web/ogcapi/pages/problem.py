"""A problem as a page for people who followed a link: what they asked, what was found, and how to go on.

The problem document itself is made by `web.problems`; this gives the same one another form, for browsers alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request, url_for

from gis_infra.errors import GisInfraError
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.pages.formatting import cut
from gis_infra.web.ogcapi.pages.targets import Target
from gis_infra.web.ogcapi.words import get_words
from gis_infra.web.wording import Told, tell

MOST_TEXT = 2000
TABLE_VIEWS = frozenset({"ogcapi.show_items", "ogcapi.show_search"})


@dataclass(frozen=True)
class ProblemView:
    """The page. spoken: the language of detail. ways: what the reader can do, the best first."""

    title: str
    asked: str
    detail: str
    spoken: str
    where: str
    ways: tuple[Target, ...]


def register(blueprint: Blueprint) -> None:
    """Answer browsers with the page, wherever in the application the problem arose."""
    blueprint.after_app_request(show_to_people)


def show_to_people(response: Response) -> Response:
    """The same answer with a page as its body, where it is a problem and a browser asks; any other answer as it is."""
    if response.mimetype != media.PROBLEM or not is_for_people():
        return response
    try:
        response.set_data(render(orjson.loads(response.get_data()), response.headers.get("Content-Language", "en")))
    except GisInfraError:
        # Who asks cannot be told, or the database that knows is away: then the document says it as well.
        return response
    response.content_type = f"{media.HTML}; charset=utf-8"
    response.headers["Content-Language"] = choose_language()
    response.vary.update({"Accept", "Accept-Language"})
    return response


def is_for_people() -> bool:
    """Whether whoever asks reads pages: a browser that was not told to fetch another form."""
    asked = request.args.get("f")
    if asked in media.FORMS:
        return asked == "html"
    accept = request.accept_mimetypes
    return accept[media.HTML] > max(accept[media.JSON], accept[media.PROBLEM])


def render(problem: Mapping[str, Any], spoken: str) -> str:
    """The page of a problem document. spoken: the language it is in."""
    language = choose_language()
    words = get_words(language)
    detail = str(problem.get("detail", problem["title"]))
    told = tell(detail, language) if spoken == "en" else Told(detail, spoken)
    view = make_view(problem, told, words)
    return render_template("ogcapi/problem.html", language=language, words=words, view=view)


def make_view(problem: Mapping[str, Any], told: Told, words: Mapping[str, str]) -> ProblemView:
    """What the page of a problem shows. told: its detail, in the reader's language if it is known in it."""
    status = int(problem["status"])
    return ProblemView(
        title=words.get(f"problem_{status}", words["problem"]),
        asked=cut(f"{request.method} {request.full_path.removesuffix('?')}", MOST_TEXT),
        detail=cut(told.words, MOST_TEXT),
        spoken=told.language,
        where=cut(str(problem.get("where", "")), MOST_TEXT),
        ways=tuple(list_ways(status, words)),
    )


def list_ways(status: int, words: Mapping[str, str]) -> list[Target]:
    """Where the reader can go from here."""
    language = choose_language()
    ways = []
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        ways.append(Target(words["sign_in"], url_for("sign_in.show_form", lang=language)))
    if request.endpoint in TABLE_VIEWS and status == HTTPStatus.BAD_REQUEST:
        view_args = request.view_args or {}
        href = url_for("ogcapi.show_items", collection_id=view_args["collection_id"], lang=language, f="html")
        ways.append(Target(words["problem_table"], href))
    if status == HTTPStatus.SERVICE_UNAVAILABLE and request.method == "GET":
        ways.append(Target(words["problem_later"], request.full_path))
    ways.append(Target(words["problem_layers"], url_for("ogcapi.show_collections", lang=language, f="html")))
    ways.append(Target(words["planner_map"], url_for("viewer.map_page")))
    return ways
