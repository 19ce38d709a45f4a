"""What to do about problems of a kind: the option that mends all of them at once, or how to mend them in QGIS.

A kind is known by the words of its reason. Where nothing fits, nothing is advised: the rows are to be mended.
"""

import math
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.catalogue.units import get_ratio, list_alike
from gis_infra.transfer.reporting.report import Problems


@dataclass(frozen=True)
class Case:
    """Problems of a kind with what is known around them.

    field: the one the column goes into, None for shapes and for fields without a column. total: rows of the file.
    is_mapped: whether some column goes into the field that is named.
    """

    kind: Problems
    field: Field | None
    total: int
    is_mapped: bool

    @property
    def is_whole(self) -> bool:
        """Whether every row has the problem."""
        return self.kind.rows == self.total

    @property
    def column(self) -> str:
        """The column or field."""
        return self.kind.field

    @property
    def value(self) -> str:
        """The first value found, "" if there is none."""
        return next((each.value for each in self.kind.examples if each.value), "")


def advise(case: Case) -> Title | None:
    """What to do, None if there is no more to say than to mend the rows."""
    for pattern, tell in ADVICE:
        if pattern.search(case.kind.reason):
            return tell(case)
    return None


def tell_of_codes(case: Case) -> Title:
    """For values that are none of a field's codes."""
    means = option("--code", f"{case.column}:{case.value}=CODE")
    out = leave_out(case)
    return Title(
        f"cho biết từng giá trị nghĩa là mã nào: {means}; hoặc không đưa cột vào trường: {out}",
        f"say which code each value means: {means}; or keep the column out of the field: {out}",
    )


def tell_of_bounds(case: Case) -> Title | None:
    """For numbers out of bounds or with a fraction; if that is most of them, they may be in another unit."""
    unit = find_unit(case) if case.kind.rows * 2 > case.total else None
    if unit is not None:
        said = option("--unit", f"{case.column}={unit}")
        return Title(f"nếu số đo tính bằng {unit} thì ghi rõ: {said}", f"if the numbers are in {unit}, say so: {said}")
    return tell_of_values(case)


def find_unit(case: Case) -> str | None:
    """A unit in which all example values would be within bounds; None if there is none."""
    if case.field is None or case.field.unit is None:
        return None
    numbers = [number for each in case.kind.examples if (number := parse(each.value)) is not None]
    for unit in list_alike(case.field.unit):
        ratio = float(get_ratio(unit, case.field.unit))
        if numbers and all(is_within(case.field, number * ratio) for number in numbers):
            return unit
    return None


def parse(text: str) -> float | None:
    """A number, None for what is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def is_within(field: Field, number: float) -> bool:
    """Whether a number keeps to a field's bounds, and is whole where it has to be."""
    above = field.minimum is None or number >= field.minimum
    below = field.maximum is None or number <= field.maximum
    return above and below and (field.type != "integer" or math.isclose(number, round(number)))


def tell_of_values(case: Case) -> Title | None:
    """For values a field cannot take; None for what no option helps."""
    if case.field is None:
        return None
    out = leave_out(case)
    return Title(f"sửa giá trị, hoặc không đưa cột vào trường: {out}", f"mend them, or keep the column out: {out}")


def tell_of_dates(case: Case) -> Title:
    """For dates that could be read in two ways."""
    day, month = (option("--unit", f"{case.column}={order}") for order in ("dd/mm/yyyy", "mm/dd/yyyy"))
    return Title(f"cho biết thứ tự: {day}, hoặc {month}", f"say which comes first: {day}, or {month}")


def tell_of_missing(case: Case) -> Title | None:
    """For fields that must have a value."""
    if case.is_mapped and not case.is_whole:
        return None
    if case.column == "owner":
        return Title("ghi chủ sở hữu: --owner TÊN", "say whose they are: --owner NAME")
    said = option("--map", f"COLUMN={case.column}")
    return Title(f"cho biết cột nào chứa giá trị: {said}", f"say which column holds it: {said}")


def tell_of_text(case: Case) -> Title:
    """For text that the encoding cannot read."""
    said = option("--encoding", f"{case.column}=NAME")
    return Title(f"nếu cột dùng bảng mã khác thì ghi rõ: {said}", f"if it is in another encoding, say so: {said}")


def tell_of_place(case: Case) -> Title:
    """For shapes outside the city."""
    if case.is_whole:
        return Title(
            "kiểm tra hệ tọa độ: --crs EPSG:…; hoặc nhận nguyên như vậy: --accept-outside",
            "look at the coordinate system: --crs EPSG:…; or take them as they are: --accept-outside",
        )
    return Title(
        "sửa vị trí, hoặc nhận nguyên như vậy: --accept-outside",
        "mend where they lie, or take them as they are: --accept-outside",
    )


def leave_out(case: Case) -> str:
    """The option that keeps a column in source_attributes only."""
    return option("--map", f"{case.column}=")


def option(name: str, value: str) -> str:
    """An option as it is typed."""
    return f"{name} {shlex.quote(value)}"


def always(vi: str, en: str) -> Callable[[Case], Title | None]:
    """Advice that is the same for every case of a kind."""
    return lambda _: Title(vi, en)


# The words a reason has -> what to do. The first that fits counts.
ADVICE: tuple[tuple[re.Pattern[str], Callable[[Case], Title | None]], ...] = (
    (re.compile("is none of the codes"), tell_of_codes),
    (re.compile("is (below the least|above the greatest) allowed|is not a whole number"), tell_of_bounds),
    (re.compile("must have a value"), tell_of_missing),
    (re.compile("text cannot be read as"), tell_of_text),
    (re.compile("outside the city"), tell_of_place),
    (
        re.compile("came before in this file"),
        always("mỗi tài sản cần một mã riêng", "give each asset a code of its own"),
    ),
    (
        re.compile("is already in the layer"),
        always(
            "để cập nhật dòng đang có: --on-duplicate update; để bỏ qua: --on-duplicate skip",
            "to bring the rows there up to date: --on-duplicate update; to pass over these: --on-duplicate skip",
        ),
    ),
    (
        re.compile("separate parts"),
        always(
            "tách rời trong QGIS: Vector > Geometry Tools > Multipart to Singleparts",
            "take them apart in QGIS: Vector > Geometry Tools > Multipart to Singleparts",
        ),
    ),
    (
        re.compile("is not valid"),
        always(
            "sửa trong QGIS: Vector > Geometry Tools > Fix Geometries",
            "mend them in QGIS: Vector > Geometry Tools > Fix Geometries",
        ),
    ),
    (
        re.compile("is a [A-Za-z]+; the layer takes"),
        always("có thể thuộc lớp khác: gis-infra layers list", "another layer may be meant: gis-infra layers list"),
    ),
    (re.compile("may have the day first or the month first"), tell_of_dates),
    (
        re.compile("is (not a|no |neither yes|longer than|too large|in the wrong)|does not have the form"),
        tell_of_values,
    ),
)
