"""The process `undo-import`: an import taken back, unless later edits stand in the way."""

from gis_infra.catalogue.definitions import Title
from gis_infra.processes import receiving
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may import into some layer. Raises SignInNeeded, NotPermitted."""
    receiving.require_importer(context.actor, context.catalogue)


def run(inputs: Inputs, context: Context) -> Outputs:
    """Take it back. Raises UnknownImport, UnknownLayer, NotPermitted, ConflictError if it was undone before."""
    # Here and not above: a web process lists this process without ever loading a row.
    from gis_infra.transfer import undoing

    check(inputs, context)
    keep_later = bool(inputs.get("keep_later", False))
    request = undoing.UndoRequest(inputs["import"], context.catalogue, context.tables, keep_later)
    return {"report": undoing.to_json(undoing.undo(context.engine, request, context.actor))}


PROCESS = Process(
    id="undo-import",
    title=Title(vi="Hoàn tác một lần nhập", en="Undo an import"),
    description=Title(
        vi="Đưa các dòng về như trước khi nhập, hoặc cho biết sửa đổi nào về sau làm vướng",
        en="Puts rows back to what they were before an import, or says which later edits stand in the way",
    ),
    inputs={
        "import": Parameter(
            Title(vi="Số của lần nhập", en="Number of the import"), {"type": "integer", "minimum": 1}, required=True
        ),
        "keep_later": Parameter(
            Title(vi="Giữ sửa đổi về sau, hoàn tác phần còn lại", en="Keep later edits, undo the rest"),
            {"type": "boolean", "default": False},
        ),
    },
    outputs={"report": Parameter(Title(vi="Kết quả", en="What was taken back"), {"type": "object"})},
    function=run,
    check=check,
)
