"""The process `import`: one layer of an uploaded file into one layer of the city."""

from collections.abc import Mapping
from typing import Any

from gis_infra.catalogue.definitions import Title
from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process
from gis_infra.processes.uploads import receiving, store

LONGEST_TEXT = 500
MOST_ENTRIES = 1000
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
TEXTS = {
    "type": "object",
    "maxProperties": MOST_ENTRIES,
    "additionalProperties": {"type": "string", "maxLength": LONGEST_TEXT},
}
NAME = {"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"}
FLAG = {"type": "boolean", "default": False}


def check(inputs: Inputs, context: Context) -> None:
    """Return if the actor may import into the layer and the upload is theirs.

    Raises SignInNeeded, NotPermitted, UnknownLayer (for a layer they may not see, too), MissingError for the upload.
    """
    receiving.require_importer(context.actor, context.catalogue)
    if "layer" in inputs:
        context.actor.require("import", context.catalogue.get_layer(inputs["layer"]))
    elif "profile" not in inputs:
        raise InvalidParameter("import needs the input 'layer', or a 'profile' that knows it", where="layer")
    store.get_upload(context.settings, context.actor, inputs["upload"])


def run(inputs: Inputs, context: Context) -> Outputs:
    """Import. Raises as `check` and `import_work.import_upload` do."""
    # Here and not above: a web process lists this process without ever reading a file, and spares itself GDAL.
    from gis_infra.processes.import_work import import_upload

    check(inputs, context)
    return import_upload(inputs, context)


def describe(vi: str, en: str, schema: Mapping[str, Any], *, required: bool = False) -> Parameter:
    """One input."""
    return Parameter(Title(vi=vi, en=en), schema, required)


PROCESS = Process(
    id="import",
    title=Title(vi="Nhập tệp vào một lớp", en="Import a file into a layer"),
    description=Title(
        vi="Đưa một lớp của tệp đã tải lên vào một lớp của thành phố, trọn vẹn hoặc không gì cả",
        en="Takes a layer of an uploaded file into a layer of the city, all of it or nothing",
    ),
    inputs={
        "upload": describe("Mã tải lên", "Id of the upload", TEXT, required=True),
        "layer": describe("Lớp của thành phố", "Layer of the city", TEXT),
        "source_layer": describe("Lớp trong tệp", "Layer of the file, if it has several", TEXT),
        "profile": describe("Hồ sơ của đơn vị", "Profile of what is known of such files", NAME),
        "crs": describe("Hệ tọa độ của tệp", "Coordinate system of the file, as EPSG:9210", TEXT),
        "swap_xy": describe("Tọa độ đầu là hướng bắc", "The first coordinate is the northing", FLAG),
        "accept_guess": describe("Nhận phỏng đoán tốt nhất", "Take the best guess of coordinate system and axes", FLAG),
        "encoding": describe("Bảng mã chữ", "Encoding of the text", TEXT),
        "encodings": describe("Bảng mã theo cột", "Encoding by column, where it differs", TEXTS),
        "map": describe("Cột sang thuộc tính", 'Field by column; "" keeps a column out of every field', TEXTS),
        "units": describe("Đơn vị theo cột", "Unit by column", TEXTS),
        "codes": describe(
            "Giá trị sang mã, theo cột", "Code by value, by column", {**TEXTS, "additionalProperties": TEXTS}
        ),
        "owner": describe("Chủ sở hữu của dòng không ghi", "Owner of rows that name none", TEXT),
        "on_duplicate": describe(
            "Khi mã tài sản đã có",
            "What becomes of a row whose owner and asset code the layer has",
            {"type": "string", "enum": ["update", "skip", "reject"], "default": "update"},
        ),
        "replace": describe("Xóa dòng tệp không có", "Delete the owner's rows that the file lacks", FLAG),
        "accept_rejected": describe(
            "Vẫn xóa khi có dòng bị từ chối", "Delete them even if rows of the file were rejected", FLAG
        ),
        "strict": describe("Cảnh báo là lỗi", "Warnings reject a row like errors", FLAG),
        "dry_run": describe("Chỉ thử", "Do everything but the loading", FLAG),
        "accept_outside": describe("Nhận dữ liệu ngoài thành phố", "Take data that lies outside the city", FLAG),
        "bare_geometry": describe(
            "Hình không thuộc tính", "Take shapes without attributes if the .dbf is missing", FLAG
        ),
    },
    outputs={"report": Parameter(Title(vi="Báo cáo", en="Report"), {"type": "object"})},
    function=run,
    check=check,
)
