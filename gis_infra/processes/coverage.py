"""The process `coverage`: who and what a service reaches, by ward and for the city."""

from gis_infra.analysis.coverage.reading import Reader, read_report
from gis_infra.analysis.coverage.running import CoverageOrder, run_coverage
from gis_infra.analysis.coverage.service_reading import read_services
from gis_infra.catalogue.definitions import Title
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process, read_clock, require_admin
from gis_infra.reports.features import to_coverage
from gis_infra.storage.transactions import reading


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may run it for this service. Raises SignInNeeded, NotPermitted, MissingError."""
    require_admin(context.actor, "run the coverage analysis")
    read_services(context.settings.layers, context.catalogue).get_service(inputs["service"])


def run(inputs: Inputs, context: Context) -> Outputs:
    """Run it. Raises NotPermitted, MissingError for an unknown service, BusyError while another run is at work."""
    book = read_services(context.settings.layers, context.catalogue)
    order = CoverageOrder(context.actor, read_clock())
    run_coverage(context.engine, context.tables, book, inputs["service"], order)
    service = book.get_service(inputs["service"])
    reader = Reader(context.actor, context.catalogue)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        return {"coverage": to_coverage(service, read_report(connection, service, reader))}


PROCESS = Process(
    id="coverage",
    title=Title(vi="Tính độ bao phủ dịch vụ", en="Compute coverage"),
    description=Title(
        vi="Tỷ lệ dân số, nhà và diện tích mà một dịch vụ phục vụ, theo phường và toàn thành phố, và các vùng trống",
        en="Share of people, buildings and area a service reaches, by ward and for the city, and the gaps",
    ),
    inputs={"service": Parameter(Title(vi="Dịch vụ", en="Service"), {"type": "string"}, required=True)},
    outputs={"coverage": Parameter(Title(vi="Kết quả", en="What it reaches"), {"type": "object"})},
    function=run,
    check=check,
)
