"""The process `undo-import`: an import taken back, all of it or nothing."""

from gis_infra.catalogue.definitions import Title
from gis_infra.errors import SignInNeeded
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process
from gis_infra.storage.transactions import reading
from gis_infra.transfer.loading.listing import get_import

LARGEST = 2**62


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may take the import back.

    Raises SignInNeeded, UnknownImport for one they may not see, NotPermitted or UnknownLayer for its layer.
    """
    if context.actor.is_anonymous:
        raise SignInNeeded("sign in to undo an import")
    with reading(context.engine, context.settings.read_limit_s) as connection:
        entry = get_import(connection, context.catalogue, context.actor, inputs["import"])
    context.actor.require("import", context.catalogue.get_layer(entry.layer_id))


def run(inputs: Inputs, context: Context) -> Outputs:
    """Take it back, or say which later edits stand in the way. Raises as `check` and `undoing.undo` do."""
    # Here and not above: a web process lists this process without running it.
    from gis_infra.transfer.undoing import UndoRequest, to_json, undo

    request = UndoRequest(inputs["import"], context.catalogue, context.tables, inputs.get("keep_later", False))
    return {"report": to_json(undo(context.engine, request, context.actor))}


PROCESS = Process(
    id="undo-import",
    title=Title(vi="Hoàn tác một lần nhập", en="Undo an import"),
    description=Title(
        vi="Trả các dòng của một lần nhập về như trước đó; các sửa đổi về sau được nêu ra và không bị mất",
        en="Takes the rows of an import back to what they were; later edits are told, and are not lost",
    ),
    inputs={
        "import": Parameter(
            Title(vi="Số của lần nhập", en="Number of the import"),
            {"type": "integer", "minimum": 1, "maximum": LARGEST},
            required=True,
        ),
        "keep_later": Parameter(
            Title(vi="Giữ nguyên các dòng đã sửa về sau", en="Leave rows with later edits as they are, undo the rest"),
            {"type": "boolean", "default": False},
        ),
    },
    outputs={"report": Parameter(Title(vi="Kết quả", en="What was undone"), {"type": "object"})},
    function=run,
    check=check,
)
