"""The register as a layer like any other, `conflict`, so that the API, the WFS, the tiles and QGIS show it.

It is read there; what people do with a conflict is done in the register itself (`register.working`). It is for those
who are signed in, and each sees the conflicts of whose assets they may see both.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import ColumnElement, FromClause

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.tables import CONFLICT, SEVERITIES, SIDES, STATUSES
from gis_infra.analysis.register.visibility import select_visible_conflicts
from gis_infra.catalogue.definitions import Catalogue, Field, FieldType, Kept, Layer, Style, Title
from gis_infra.catalogue.tables import LayerTables

LAYER_ID, SECTOR = "conflict", "shared"
TITLE = Title("Xung đột hạ tầng", "Conflicts")
DESCRIPTION = Title(
    "Sổ xung đột: chỗ tài sản quá gần nhau hoặc trái quy chuẩn, và tình trạng xử lý; chỉ để xem",
    "The register: where assets are too near or break a rule, and what came of it; to be read only",
)
STATUS_TITLES = (
    Title("Mới", "New"),
    Title("Đang xử lý", "Active"),
    Title("Đã xem xét", "Reviewed"),
    Title("Đã chấp thuận", "Approved"),
    Title("Đã giải quyết", "Resolved"),
)
SEVERITY_TITLES = (
    Title("Vi phạm", "Violation"),
    Title("Có thể vi phạm", "Possible"),
    Title("Không rõ cao độ", "Heights unknown"),
    Title("Cơ hội phối hợp", "Opportunity"),
)
SIDE_TITLES = (
    Title("Bên trái", "Left"),
    Title("Bên phải", "Right"),
    Title("Ở trên", "Above"),
    Title("Ở dưới", "Below"),
    Title("Cắt qua", "Across"),
    Title("Ở trong", "Inside"),
)
COLORS = {"violation": "#c1121f", "possible": "#f59f00", "vertical_unknown": "#9c36b5", "opportunity": "#2b8a3e"}
POINT = {"color": COLORS["violation"], "color_by": "severity", "colors": COLORS, "radius": 5}
CODES: Mapping[str, Mapping[str, Title]] = {
    "status": dict(zip(STATUSES, STATUS_TITLES, strict=True)),
    "severity": dict(zip(SEVERITIES, SEVERITY_TITLES, strict=True)),
    "side": dict(zip(SIDES, SIDE_TITLES, strict=True)),
}
# By column, in the order they are shown: type, unit, and titles in Vietnamese and English.
COLUMNS: Mapping[str, tuple[FieldType, str | None, str, str]] = {
    "status": ("code", None, "Tình trạng xử lý", "Status"),
    "severity": ("code", None, "Mức độ", "Severity"),
    "rule": ("text", None, "Quy tắc", "Rule"),
    "rule_title_vi": ("text", None, "Tên quy tắc (tiếng Việt)", "Title of the rule (Vietnamese)"),
    "rule_title_en": ("text", None, "Tên quy tắc (tiếng Anh)", "Title of the rule (English)"),
    "kind": ("text", None, "Loại quy tắc", "Kind of rule"),
    "pack": ("text", None, "Bộ quy tắc", "Rule pack"),
    "required_m": ("number", "m", "Khoảng cách yêu cầu", "Required distance"),
    "distance_m": ("number", "m", "Khoảng cách đo được", "Found distance"),
    "vertical_m": ("number", "m", "Khoảng cách đứng", "Vertical distance"),
    "accuracy_m": ("number", "m", "Sai số của hai tài sản", "Accuracy of both assets"),
    "accuracy_known": ("boolean", None, "Biết sai số", "Accuracy is known"),
    "length_m": ("number", "m", "Chiều dài đoạn", "Length of the stretch"),
    "side": ("code", None, "Phía", "Side"),
    "stretch": ("integer", None, "Đoạn thứ", "Stretch number"),
    "street": ("text", None, "Đường", "Street"),
    "left_layer": ("text", None, "Lớp thứ nhất", "First layer"),
    "left_id": ("integer", None, "Mã đối tượng thứ nhất", "First feature"),
    "left_code": ("text", None, "Mã tài sản thứ nhất", "First asset code"),
    "left_owner": ("text", None, "Chủ sở hữu thứ nhất", "First owner"),
    "right_layer": ("text", None, "Lớp thứ hai", "Second layer"),
    "right_id": ("integer", None, "Mã đối tượng thứ hai", "Second feature"),
    "right_code": ("text", None, "Mã tài sản thứ hai", "Second asset code"),
    "right_owner": ("text", None, "Chủ sở hữu thứ hai", "Second owner"),
    "owner": ("text", None, "Đơn vị phụ trách", "Department in charge"),
    "assignee": ("text", None, "Người xử lý", "Assignee"),
    "due_on": ("date", None, "Hạn xử lý", "Due on"),
    "reason": ("text", None, "Lý do", "Reason"),
    "status_by": ("text", None, "Người đổi tình trạng", "Status given by"),
    "status_on": ("timestamp", None, "Đổi tình trạng lúc", "Status since"),
    "found_on": ("timestamp", None, "Phát hiện lúc", "Found on"),
    "resolved_on": ("timestamp", None, "Giải quyết lúc", "Resolved on"),
    "clause": ("text", None, "Điều khoản", "Clause"),
    "source": ("text", None, "Nguồn", "Source"),
    "legal_basis": ("text", None, "Căn cứ pháp lý", "Legal basis"),
    "verified": ("boolean", None, "Đã kiểm chứng số liệu", "Number is verified"),
    "fingerprint": ("text", None, "Dấu nhận dạng", "Fingerprint"),
    "version": ("integer", None, "Phiên bản", "Version"),
}


def add_register(catalogue: Catalogue, tables: LayerTables) -> tuple[Catalogue, LayerTables]:
    """The same layers and tables with the register after them; without a sector for it, as they are."""
    if SECTOR not in catalogue.sectors:
        return catalogue, tables
    layer = make_layer(catalogue, tables)
    return (
        replace(catalogue, layers={**catalogue.layers, LAYER_ID: layer}),
        replace(tables, kept={}, others={**tables.others, LAYER_ID: CONFLICT}),
    )


def make_layer(catalogue: Catalogue, tables: LayerTables) -> Layer:
    """The register as a layer; catalogue and tables are those of its assets."""
    return Layer(
        id=LAYER_ID,
        sector=SECTOR,
        title=TITLE,
        geometry="Point",
        access="shared",
        fields=tuple(make_field(name) for name in COLUMNS),
        style=Style({"point": POINT, "min_zoom": 10, "order": 100}),
        description=DESCRIPTION,
        label="rule",
        kept=Kept(CONFLICT, partial(select_visible, catalogue, tables)),
    )


def make_field(name: str) -> Field:
    """One column of the register as a field, which only the program writes."""
    kind, unit, vi, en = COLUMNS[name]
    return Field(name, kind, Title(vi, en), unit=unit, codes=CODES.get(name, {}), system=True)


def select_visible(catalogue: Catalogue, tables: LayerTables, table: FromClause, actor: Actor) -> ColumnElement[bool]:
    """True for the conflicts in `table`, the register or what stands for it, that an actor may see."""
    return select_visible_conflicts(catalogue, tables, actor, table)
