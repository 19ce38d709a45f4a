"""The process `conflicts`: check the city, a box or what changed, and bring the register up to date."""

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.model import RuleBook
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.orders import RunOrder, RunReport, Scope
from gis_infra.analysis.runs.running import list_packs, run_conflicts
from gis_infra.catalogue.definitions import Title
from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process, read_clock, require_admin
from gis_infra.spatial import boxes
from gis_infra.spatial.boxes import Bbox

LONLAT = 4326
# A look at what changed takes a second; whoever asks for a run meanwhile need not ask again.
WAIT_S = 30.0
WAIT_FOR_CITY_S = 3000.0


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may run it as asked. Raises SignInNeeded, NotPermitted, InvalidParameter, InvalidBbox."""
    require_admin(context.actor, "run the conflict analysis")
    make_order(inputs, context, read_rules(context.settings.layers, context.catalogue))


def run(inputs: Inputs, context: Context) -> Outputs:
    """Run it.

    Raises NotPermitted, InvalidParameter for an unknown pack, InvalidBbox, BusyError while another run is at work.
    """
    book = read_rules(context.settings.layers, context.catalogue)
    order = make_order(inputs, context, book)
    return to_outputs(run_conflicts(context.engine, Ground(book, context.catalogue, context.tables), order))


def make_order(inputs: Inputs, context: Context, book: RuleBook) -> RunOrder:
    """The run the inputs ask for. Raises InvalidParameter for an unknown pack or two parts at once, InvalidBbox."""
    box = read_box(inputs)
    scope: Scope = "changes" if inputs.get("changes", False) else "city" if box is None else "box"
    if scope == "changes" and (box is not None or inputs.get("rules")):
        raise InvalidParameter("what changed is looked at by all rules and everywhere: give no box and no rules")
    packs = list_packs(book, inputs.get("rules", []), context.settings.rule_packs)
    return RunOrder(
        context.actor,
        packs,
        read_clock(),
        scope=scope,
        box=box,
        keeps_up=set(packs) >= set(context.settings.rule_packs),
        tell=context.progress,
        wait_s=WAIT_FOR_CITY_S if scope == "changes" else WAIT_S,
    )


def read_box(inputs: Inputs) -> Bbox | None:
    """The box of the inputs, None without one. Raises InvalidBbox."""
    return boxes.make(*inputs["box"], srid=LONLAT) if "box" in inputs else None


def to_outputs(report: RunReport) -> Outputs:
    """The report as JSON can hold it."""
    return {
        "run": {**vars(report), "layers": {layer_id: vars(check) for layer_id, check in report.layers.items()}},
    }


DEGREE = {"type": "number", "minimum": -180, "maximum": 180}
PROCESS = Process(
    id="conflicts",
    title=Title(vi="Tìm xung đột hạ tầng", en="Find conflicts"),
    description=Title(
        vi="Kiểm tra thành phố, một vùng hoặc những gì đã thay đổi theo các bộ quy tắc đang hiệu lực, và cập nhật sổ "
        "xung đột",
        en="Checks the city, a box or what changed by the rules in force and brings the register of conflicts up to "
        "date",
    ),
    inputs={
        "rules": Parameter(
            Title(vi="Các bộ quy tắc", en="Rule packs"),
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 100},
        ),
        "box": Parameter(
            Title(
                vi="Chỉ những gì chạm vùng này: kinh độ và vĩ độ nhỏ nhất, rồi lớn nhất",
                en="Only what touches this box: least longitude and latitude, then greatest",
            ),
            {"type": "array", "items": DEGREE, "minItems": 4, "maxItems": 4},
        ),
        "changes": Parameter(
            Title(vi="Chỉ những gì đã thay đổi từ lần chạy trước", en="Only what changed since the last run"),
            {"type": "boolean", "default": False},
        ),
    },
    outputs={"run": Parameter(Title(vi="Kết quả", en="What the run did"), {"type": "object"})},
    function=run,
    check=check,
)
