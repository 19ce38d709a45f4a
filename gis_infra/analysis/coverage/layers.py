"""What runs of coverage found as layers like any other, so that the API, the WFS, the tiles and QGIS show it.

They are only read, and each person sees the rows of the runs they may see. Rows of all such runs are in them: a client
narrows them by `run_id` or `service`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.coverage.runs.tables import COVERAGE_GAP, COVERAGE_PLACE, COVERAGE_SITE, COVERAGE_UNIT
from gis_infra.analysis.coverage.runs.visibility import select_visible_rows
from gis_infra.catalogue.definitions import Catalogue, Field, FieldType, GeometryType, Kept, Layer, Style, Title
from gis_infra.catalogue.tables import LayerTables

SECTOR = "shared"
NEAREST_ZOOM = 14  # at which single places are drawn

# Type, unit, and titles in Vietnamese and English.
Column = tuple[FieldType, str | None, str, str]
RUN: Mapping[str, Column] = {"run_id": ("integer", None, "Lần tính", "Run")}
SERVICE: Mapping[str, Column] = {"service": ("text", None, "Dịch vụ", "Service")}
UNIT_CODE: Mapping[str, Column] = {"unit_code": ("text", None, "Mã đơn vị hành chính", "Code of the unit")}
UNIT: Mapping[str, Column] = {
    "code": ("text", None, "Mã đơn vị hành chính", "Code"),
    "name": ("text", None, "Tên", "Name"),
    "people": ("number", None, "Dân số", "People"),
    "people_served": ("number", None, "Dân số được phục vụ", "People served"),
    "people_share": ("number", None, "Tỷ lệ dân số được phục vụ", "Share of people served"),
    "places": ("number", None, "Điểm cần phục vụ", "Places"),
    "places_served": ("number", None, "Điểm được phục vụ", "Places served"),
    "places_share": ("number", None, "Tỷ lệ điểm được phục vụ", "Share of places served"),
    "area_m2": ("number", "m2", "Diện tích", "Area"),
    "area_served_m2": ("number", "m2", "Diện tích được phục vụ", "Area served"),
    "area_share": ("number", None, "Tỷ lệ diện tích được phục vụ", "Share of the area served"),
    "facilities": ("integer", None, "Cơ sở", "Facilities"),
    "mean_distance": ("number", None, "Khoảng cách trung bình (m hoặc phút)", "Mean distance (metres or minutes)"),
    "p90_distance": (
        "number",
        None,
        "Khoảng cách của 90 % dân số (m hoặc phút)",
        "Distance of 90 % (metres or minutes)",
    ),
    "amount": ("number", None, "Lượng phục vụ", "Amount"),
}
GAP: Mapping[str, Column] = {
    "rank": ("integer", None, "Hạng theo dân số", "Rank by people"),
    "people": ("number", None, "Dân số chưa được phục vụ", "People not served"),
    "places": ("number", None, "Điểm chưa được phục vụ", "Places not served"),
    "area_m2": ("number", "m2", "Diện tích", "Area"),
}
PLACE: Mapping[str, Column] = {
    "place_id": ("integer", None, "Đối tượng", "Row of the place"),
    "people": ("number", None, "Dân số", "People"),
    "distance": ("number", None, "Khoảng cách (m hoặc phút)", "Distance (metres or minutes)"),
    "facility_id": ("integer", None, "Cơ sở", "Row of the facility"),
    "served": ("number", None, "Phần được phục vụ", "Share served"),
}
SITE: Mapping[str, Column] = {
    "rank": ("integer", None, "Thứ tự", "Rank"),
    "candidate": ("text", None, "Vị trí", "Candidate"),
    "gain": ("number", None, "Dân số được phục vụ thêm", "People newly served"),
    "cumulative": ("number", None, "Cộng dồn", "Together"),
}


@dataclass(frozen=True)
class Sheet:
    """One kind of result: the table it is in, and how it is told and drawn."""

    id: str
    table: Table
    title: Title
    description: Title
    geometry: GeometryType
    columns: Mapping[str, Column]
    style: Mapping[str, Any]
    label: str


SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "coverage_unit",
        COVERAGE_UNIT,
        Title("Độ bao phủ theo đơn vị", "Coverage by unit"),
        Title(
            "Dân số, điểm và diện tích được phục vụ của từng đơn vị hành chính, mỗi lần tính một bộ; chỉ để xem",
            "People, places and area served in each administrative unit, one set a run; to be read only",
        ),
        "MultiPolygon",
        {**RUN, **SERVICE, **UNIT},
        {"fill": {"color": "#3182bd", "opacity": 0.3, "outline": "#08519c"}, "min_zoom": 8, "order": 3},
        "name",
    ),
    Sheet(
        "coverage_gap",
        COVERAGE_GAP,
        Title("Vùng trống dịch vụ", "Gaps of coverage"),
        Title(
            "Phần của đơn vị hành chính nằm ngoài tầm phục vụ, xếp theo dân số; chỉ để xem",
            "Parts of units out of reach, ranked by people; to be read only",
        ),
        "MultiPolygon",
        {**RUN, **SERVICE, **UNIT_CODE, **GAP},
        {"fill": {"color": "#c62828", "opacity": 0.3, "outline": "#c62828"}, "min_zoom": 9, "order": 4},
        "rank",
    ),
    Sheet(
        "coverage_place",
        COVERAGE_PLACE,
        Title("Khoảng cách đến dịch vụ", "Distance to a service"),
        Title(
            "Từng điểm cần phục vụ với khoảng cách đến cơ sở, của các lần tính gần đây; chỉ để xem",
            "Each place with its distance to a facility, of the latest runs; to be read only",
        ),
        "Point",
        {**RUN, **UNIT_CODE, **PLACE},
        {"point": {"color": "#3182bd", "radius": 3}, "min_zoom": NEAREST_ZOOM, "order": 90},
        "distance",
    ),
    Sheet(
        "coverage_site",
        COVERAGE_SITE,
        Title("Vị trí đề xuất", "Proposed sites"),
        Title(
            "Nơi thêm một cơ sở phục vụ được nhiều người nhất, theo thứ tự; chỉ để xem",
            "Where one more facility would serve most, in order; to be read only",
        ),
        "Point",
        {**RUN, **SERVICE, **SITE},
        {"point": {"color": "#6a1b9a", "radius": 6}, "min_zoom": 8, "order": 101},
        "rank",
    ),
)


def add_coverage(catalogue: Catalogue, tables: LayerTables) -> tuple[Catalogue, LayerTables]:
    """The same layers and tables with those of coverage after them; without a sector for them, as they are."""
    if SECTOR not in catalogue.sectors:
        return catalogue, tables
    layers = {sheet.id: make_layer(sheet, catalogue) for sheet in SHEETS}
    own = {sheet.id: sheet.table for sheet in SHEETS}
    return (
        replace(catalogue, layers={**catalogue.layers, **layers}),
        replace(tables, kept={}, others={**tables.others, **own}),
    )


def make_layer(sheet: Sheet, catalogue: Catalogue) -> Layer:
    """One kind of result as a layer; the catalogue is that of what runs read."""
    return Layer(
        id=sheet.id,
        sector=SECTOR,
        title=sheet.title,
        geometry=sheet.geometry,
        access="shared",
        fields=tuple(make_field(name, column) for name, column in sheet.columns.items()),
        style=Style(sheet.style),
        description=sheet.description,
        label=sheet.label,
        kept=Kept(sheet.table, partial(select_visible, catalogue), by_person=True),
    )


def make_field(name: str, column: Column) -> Field:
    """One column of results as a field, which only the program writes."""
    kind, unit, vi, en = column
    return Field(name, kind, Title(vi, en), unit=unit, system=True)


def select_visible(catalogue: Catalogue, table: FromClause, actor: Actor) -> ColumnElement[bool]:
    """True for the rows of a table of results, or what stands for it, that an actor may see; units have an area."""
    return and_(select_visible_rows(catalogue, table, actor), table.c.geom.is_not(None))
