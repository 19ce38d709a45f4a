"""The process `conflicts`: check the whole city and bring the register up to date."""

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.orders import RunOrder, RunReport
from gis_infra.analysis.runs.running import list_packs, run_conflicts
from gis_infra.catalogue.definitions import Title
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process, read_clock, require_admin


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may run it with these packs. Raises SignInNeeded, NotPermitted, InvalidParameter."""
    require_admin(context.actor, "run the conflict analysis")
    book = read_rules(context.settings.layers, context.catalogue)
    list_packs(book, inputs.get("rules", []), context.settings.rule_packs)


def run(inputs: Inputs, context: Context) -> Outputs:
    """Run it. Raises NotPermitted, InvalidParameter for an unknown pack, BusyError while another run is at work."""
    book = read_rules(context.settings.layers, context.catalogue)
    packs = list_packs(book, inputs.get("rules", []), context.settings.rule_packs)
    order = RunOrder(context.actor, packs, read_clock())
    return to_outputs(run_conflicts(context.engine, Ground(book, context.catalogue, context.tables), order))


def to_outputs(report: RunReport) -> Outputs:
    """The report as JSON can hold it."""
    return {
        "run": {**vars(report), "layers": {layer_id: vars(check) for layer_id, check in report.layers.items()}},
    }


PROCESS = Process(
    id="conflicts",
    title=Title(vi="Tìm xung đột hạ tầng", en="Find conflicts"),
    description=Title(
        vi="Kiểm tra toàn thành phố theo các bộ quy tắc đang hiệu lực và cập nhật sổ xung đột",
        en="Checks the whole city by the rules in force and brings the register of conflicts up to date",
    ),
    inputs={
        "rules": Parameter(
            Title(vi="Các bộ quy tắc", en="Rule packs"),
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        )
    },
    outputs={"run": Parameter(Title(vi="Kết quả", en="What the run did"), {"type": "object"})},
    function=run,
    check=check,
)
