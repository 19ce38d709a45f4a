"""The process `works-check`: what planned works would meet, and whom to ask."""

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.model import RuleBook, list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import check_works
from gis_infra.analysis.works.works import parse_works
from gis_infra.catalogue.definitions import Title
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process, read_clock
from gis_infra.reports.features import to_works_check
from gis_infra.storage.transactions import reading


def run(inputs: Inputs, context: Context) -> Outputs:
    """Run it with the rules as their files stand now. Raises as `check` does, and LayerFileError."""
    return check(inputs, context, read_rules(context.settings.layers, context.catalogue))


def check(inputs: Inputs, context: Context, book: RuleBook) -> Outputs:
    """The answer by the rules of `book`.

    Raises InvalidParameter for works that cannot be read or are too large, BusyError at the time limit.
    """
    works = parse_works(inputs["works"], context.settings.city_srid)
    rules = list_in_force(book, context.settings.rule_packs, read_clock().date())
    ground = Ground(book, context.catalogue, context.tables)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        return to_works_check(check_works(connection, ground, rules, works, context.actor))


PROCESS = Process(
    id="works-check",
    title=Title(vi="Kiểm tra công trình dự kiến", en="Check planned works"),
    description=Title(
        vi="Tài sản trong phạm vi công trình dự kiến, chủ sở hữu cần hỏi, và mức chắc chắn",
        en="Assets within reach of planned works, whose they are, and how sure that is",
    ),
    inputs={
        "works": Parameter(
            Title(vi="Công trình (GeoJSON, kinh độ/vĩ độ)", en="Works (GeoJSON, longitude/latitude)"),
            {"type": "object"},
            required=True,
        )
    },
    outputs={
        "conflicts": Parameter(Title(vi="Tài sản trong phạm vi", en="Assets within reach"), {"type": "object"}),
        "owners": Parameter(Title(vi="Chủ sở hữu", en="Owners"), {"type": "array"}),
        "checked": Parameter(Title(vi="Đã kiểm tra", en="What was looked at"), {"type": "object"}),
    },
    function=run,
    pace="short",
)
