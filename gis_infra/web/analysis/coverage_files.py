"""A run of coverage over HTTP as a file to keep, in the form `f` and the language `lang`.

GET /analysis/coverage/runs/<id>/report. A PDF is not made here: the browser prints the page.
"""

from flask import Response, request

from gis_infra.analysis.coverage.runs.reading import list_runs, read_report
from gis_infra.reports.coverage.documents import list_entries, to_report
from gis_infra.reports.coverage.files import CoverageDesk, write_coverage
from gis_infra.web.analysis.coverage import make_reader, make_terms
from gis_infra.web.analysis.coverage_parameters import require_id, require_known
from gis_infra.web.analysis.files import OURS, opening, parse_form, render
from gis_infra.web.context import get_services
from gis_infra.web.downloads import FOLDER, scratch_folder
from gis_infra.web.languages import choose_language
from gis_infra.web.places import place

MOST_GAPS = 50_000
MOST_FACILITIES = 100_000
MOST_OF_SERIES = 40


def send_report(run_id: int) -> Response:
    """A run as a file. Raises MissingError, InvalidParameter, BusyError."""
    require_known(request.args, OURS)
    require_id(run_id)
    form = parse_form()
    services = get_services()
    with place("export", "made"), scratch_folder(services.settings.home / FOLDER) as folder:
        path = folder / f"coverage.{form}"
        write_coverage(make_desk(run_id), path)
        return render(path.read_bytes(), f"coverage-{run_id}", form)


def make_desk(run_id: int) -> CoverageDesk:
    """All that a file of a run tells, as the asker may see it. Raises MissingError."""
    services, reader, terms = get_services(), make_reader(), make_terms()
    with opening() as connection:
        report = read_report(connection, run_id, reader, gaps=MOST_GAPS, facilities=MOST_FACILITIES)
        wanted = list_runs(connection, report.run.service, reader, official_only=True, limit=MOST_OF_SERIES)
    found, series = to_report(report, terms), list_entries(wanted, terms)
    return CoverageDesk(found, series, services.catalogue, services.settings.city_srid, choose_language())
