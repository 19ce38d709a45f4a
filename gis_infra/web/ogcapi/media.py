"""In what form an answer is wanted: `f=` in the address, else the Accept header, else JSON."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from flask import Response, render_template, request
from werkzeug.datastructures import MIMEAccept

from gis_infra.errors import InvalidParameter, NotAcceptable
from gis_infra.features.formats import geojson
from gis_infra.features.formats.registry import FORMATS
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi.words import get_words

Form = Literal["json", "html"]

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA_JSON = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
PROBLEM = "application/problem+json"
STYLE = "application/vnd.mapbox.style+json"
MVT = "application/vnd.mapbox-vector-tile"

FORMS: tuple[Form, ...] = ("json", "html")
JSON_FORM, HTML_FORM = "json", "html"
# What features are given out in: the name in `f=`, and the media types by which it is asked for.
ITEM_FORMS: Mapping[str, tuple[str, ...]] = {
    **{each.name: each.accepts for each in FORMATS.values()},
    HTML_FORM: (HTML,),
}
READING = frozenset({"GET", "HEAD"})
# Without this QGIS serves the landing page, the API and the collections from its disk for a day.
NO_STORE = {"Cache-Control": "no-store"}


def choose_form() -> Form:
    """The form this request wants; a client that takes anything gets JSON.

    Raises InvalidParameter for an unknown `f`.
    """
    asked = request.args.get("f")
    if asked is None:
        accept = request.accept_mimetypes
        return "html" if accept[HTML] > max(accept[JSON], accept[GEOJSON]) else "json"
    if asked not in FORMS:
        raise InvalidParameter(f"f must be one of {', '.join(FORMS)}, got {asked[:40]!r}", where="f")
    return "html" if asked == "html" else "json"


def choose_format() -> str:
    """The name in `f=` of the format this request wants features in; a client that takes anything gets JSON.

    Raises InvalidParameter for an unknown `f`, NotAcceptable if nothing in the Accept header is served.
    """
    asked = request.args.get("f")
    if asked is not None:
        if asked not in ITEM_FORMS:
            raise InvalidParameter(f"f must be one of {', '.join(ITEM_FORMS)}, got {asked[:40]!r}", where="f")
        return asked
    # Parameters of a media type are no reason to refuse it: a version or a profile that is served anyway.
    accepted = MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in request.accept_mimetypes])
    if not accepted:
        return JSON_FORM
    liked = {name: max(accepted.quality(each) for each in kinds) for name, kinds in ITEM_FORMS.items()}
    best = max(liked, key=lambda name: liked[name])
    if liked[best] > 0:
        return best
    if request.method not in READING:
        return JSON_FORM  # what was to be done is done, and is told in some form rather than in none
    served = ", ".join(kinds[0] for kinds in ITEM_FORMS.values())
    raise NotAcceptable(
        f"features come as {served}, and none of them is in Accept: {str(request.accept_mimetypes)[:100]}",
        where="Accept",
    )


def answer(document: Mapping[str, Any], template: str, *, mimetype: str = JSON, **context: Any) -> Response:
    """The document as JSON of type `mimetype`, or as the HTML page `template` makes of it and of `context`."""
    if choose_form() == "html":
        return answer_html(template, document=document, **context)
    return answer_bytes(geojson.render(document), mimetype)


def answer_bytes(body: bytes | Iterator[bytes], mimetype: str, headers: Mapping[str, str] | None = None) -> Response:
    """Bytes, or pieces of them as they come, that no cache may keep."""
    response = Response(body, content_type=mimetype, headers={**NO_STORE, **(headers or {})})
    response.headers["Content-Language"] = choose_language()
    response.vary.update({"Accept", "Accept-Language"})
    return response


def answer_html(template: str, **context: Any) -> Response:
    """A page for people, in their language."""
    language = choose_language()
    other = urlencode({**request.args, "lang": "en" if language == "vi" else "vi"})
    page = render_template(
        f"ogcapi/{template}", language=language, words=get_words(language), other_language_query=other, **context
    )
    return answer_bytes(page.encode(), f"{HTML}; charset=utf-8")
