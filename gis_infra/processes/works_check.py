"""The process `works-check`: what planned works would meet, and whom to ask."""

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.model import RuleBook, list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import WorksCheck, check_works
from gis_infra.analysis.works.projects import get_project
from gis_infra.analysis.works.works import parse_works
from gis_infra.catalogue.definitions import Title
from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process, read_clock
from gis_infra.reports.works import to_works_check
from gis_infra.storage.transactions import reading

NO_JIT = {"jit": "off"}  # compiling such statements takes longer than they do


def run(inputs: Inputs, context: Context) -> Outputs:
    """Run it with the rules as their files stand now. Raises as `check` does, and LayerFileError."""
    return check(inputs, context, read_rules(context.settings.layers, context.catalogue))


def check(inputs: Inputs, context: Context, book: RuleBook) -> Outputs:
    """The answer by the rules of `book`. Raises as `find`."""
    return to_works_check(find(inputs, context, book), context.settings.city_srid)


def find(inputs: Inputs, context: Context, book: RuleBook) -> WorksCheck:
    """What works meet and whom to ask, by the rules of `book`.

    inputs: `works`, a document, or `project`, the id of a works project.
    Raises InvalidParameter for works that cannot be read or are too large, UnknownFeature for a project that cannot be
    seen, BusyError at the time limit.
    """
    require_one(inputs)
    ground = Ground(book, context.catalogue, context.tables)
    rules = list_in_force(book, context.settings.rule_packs, read_clock().date())
    drawn = parse_works(inputs["works"], context.settings.city_srid) if "works" in inputs else None
    with reading(context.engine, context.settings.read_limit_s, NO_JIT) as connection:
        works = drawn or get_project(connection, ground, context.actor, inputs["project"])
        return check_works(connection, ground, rules, works, context.actor)


def require_one(inputs: Inputs) -> None:
    """Return if works are either drawn or kept. Raises InvalidParameter."""
    if ("works" in inputs) == ("project" in inputs):
        raise InvalidParameter("give either works, a GeoJSON document, or project, the id of a works project")


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
        ),
        "project": Parameter(
            Title(vi="Mã (id) dự án thi công đã lưu", en="Id of a works project that is kept"),
            {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        ),
    },
    outputs={
        "conflicts": Parameter(Title(vi="Tài sản trong phạm vi", en="Assets within reach"), {"type": "object"}),
        "works": Parameter(Title(vi="Công trình", en="The works"), {"type": "object"}),
        "owners": Parameter(Title(vi="Chủ sở hữu", en="Owners"), {"type": "array"}),
        "checked": Parameter(Title(vi="Đã kiểm tra", en="What was looked at"), {"type": "object"}),
    },
    function=run,
    pace="short",
)
