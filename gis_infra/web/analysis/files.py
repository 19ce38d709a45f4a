"""Reports and letters over HTTP: files to keep, in the form `f` and the language `lang`.

GET /analysis/conflicts/report and .../letters take the parameters of /analysis/conflicts; POST
/analysis/works-check/report and .../letters the body of /analysis/works-check. A PDF is not made here: the browser
prints the page.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from flask import Response, request
from sqlalchemy import Connection

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.reading import RegisterQuery
from gis_infra.errors import InvalidParameter
from gis_infra.processes import works_check
from gis_infra.reports import outputs
from gis_infra.reports.register_letters import render_register_letters
from gis_infra.reports.works_letters import render_works_letters
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.bodies import make_context, read_works
from gis_infra.web.analysis.books import get_books
from gis_infra.web.analysis.parameters import parse_register_query
from gis_infra.web.context import get_services
from gis_infra.web.downloads import FOLDER, scratch_folder
from gis_infra.web.languages import choose_language

TYPES = {
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}
OURS = ("f", "lang")
MOST_ROWS = 50_000
# A page of ours has its style in itself, and nothing else may come to it.
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def send_register() -> Response:
    """The conflicts that match as a file. Raises InvalidParameter, InvalidBbox."""
    form = parse_form()
    query = parse_query()
    return send("conflicts", form, lambda desk, path: outputs.write_register(desk, query, path))


def send_register_letters() -> Response:
    """A letter to each owner with conflicts that match. Raises InvalidParameter, SignInNeeded."""
    query = parse_query()
    with opening() as connection:
        page = render_register_letters(connection, make_ground(), query, choose_language())
    return render(page.encode(), "letters", "html")


def send_works() -> Response:
    """What works would meet as a file. Raises InvalidParameter, UnknownFeature."""
    form = parse_form()
    check = works_check.find(read_works(), make_context(), get_books().rules)
    return send("works", form, lambda desk, path: outputs.write_works(desk, check, path))


def send_works_letters() -> Response:
    """A letter to each owner that works concern. Raises InvalidParameter, UnknownFeature, SignInNeeded."""
    check = works_check.find(read_works(), make_context(), get_books().rules)
    with opening() as connection:
        page = render_works_letters(connection, make_ground(), get_actor(), check, choose_language())
    return render(page.encode(), "letters", "html")


def parse_query() -> RegisterQuery:
    """The conflicts this request means. Raises InvalidParameter, InvalidBbox."""
    parameters = {name: value for name, value in request.args.items() if name not in OURS}
    return parse_register_query(parameters, get_actor(), MOST_ROWS)


def parse_form() -> str:
    """The form of the file, a page if it is not said. Raises InvalidParameter."""
    form = request.args.get("f", "html")
    if form not in TYPES:
        raise InvalidParameter(f"f must be one of {', '.join(TYPES)}, got {form[:50]!r}", where="f")
    return form


def opening() -> AbstractContextManager[Connection]:
    """A connection that reads, within the time of a request."""
    services = get_services()
    return reading(services.engine, services.settings.read_limit_s)


def make_ground() -> Ground:
    """The rules this application runs with, and the layers."""
    services = get_services()
    return Ground(get_books().rules, services.catalogue, services.tables)


def send(name: str, form: str, write: Callable[[outputs.Desk, Path], int]) -> Response:
    """The file that `write` makes, whole in memory: it is bounded, and its folder ends with the request."""
    with opening() as connection, scratch_folder(get_services().settings.home / FOLDER) as folder:
        path = folder / f"{name}.{form}"
        write(outputs.Desk(connection, make_ground(), get_actor(), choose_language()), path)
        return render(path.read_bytes(), name, form)


def render(content: bytes, name: str, form: str) -> Response:
    """A file of this asker and this moment; a page is shown, anything else kept."""
    answer = Response(content, mimetype=TYPES[form])
    kept = "inline" if form == "html" else "attachment"
    answer.headers["Content-Disposition"] = f'{kept}; filename="{name}.{form}"'
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
