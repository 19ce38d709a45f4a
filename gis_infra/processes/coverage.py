"""The process `coverage`: who and what a service reaches, where the gaps are, and where one more would help most."""

from gis_infra.analysis.coverage.runs.reading import read_report
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.catalogue.definitions import Title
from gis_infra.processes.coverage_inputs import INPUTS, make_order
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process
from gis_infra.reports.coverage.documents import to_report
from gis_infra.reports.coverage.terms import Terms
from gis_infra.storage.transactions import reading


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may have it run as asked.

    Raises SignInNeeded, NotPermitted, MissingError for an unknown service, InvalidParameter, UnknownLayer.
    """
    # Not above: the list of processes is read by what never computes any coverage.
    from gis_infra.analysis.coverage.runs.running import check_order

    book = read_services(context.settings.layers, context.catalogue)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        check_order(connection, context.tables, book, make_order(inputs, context))


def run(inputs: Inputs, context: Context) -> Outputs:
    """Run it. Raises as `check`, and BusyError while another run of the service is at work."""
    from gis_infra.analysis.coverage.runs.running import run_coverage

    book = read_services(context.settings.layers, context.catalogue)
    run_id = run_coverage(context.engine, context.tables, book, make_order(inputs, context))
    with reading(context.engine, context.settings.read_limit_s) as connection:
        report = read_report(connection, run_id, Reader(context.actor, context.catalogue))
    return {"coverage": to_report(report, Terms(book, context.catalogue))}


PROCESS = Process(
    id="coverage",
    title=Title(vi="Tính độ bao phủ dịch vụ", en="Compute coverage"),
    description=Title(
        vi="Tỷ lệ dân số, nhà và diện tích mà một dịch vụ phục vụ theo đơn vị hành chính và toàn thành phố, các vùng "
        "trống, và nơi nên đặt thêm",
        en="Share of people, buildings and area a service reaches, by administrative unit and for the city, the gaps, "
        "and where one more facility would help most",
    ),
    inputs=INPUTS,
    outputs={"coverage": Parameter(Title(vi="Kết quả", en="What it reaches"), {"type": "object"})},
    function=run,
    check=check,
)
