"""The functions a filter may use, as the services list them. How each is done in SQL stands in `filters.sql.functions`.

Source: OGC 19-079r2, clause 8.3 (the resource Functions); OGC 21-065r2, requirements class Functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gis_infra.catalogue.definitions import Title

ArgumentKind = Literal["text", "integer", "number", "boolean", "date", "timestamp", "geometry"]


@dataclass(frozen=True)
class Argument:
    """One argument: what it is called, and the kinds of values it may be."""

    name: str
    kinds: tuple[ArgumentKind, ...]


@dataclass(frozen=True)
class FunctionDefinition:
    """One function. A function of an unknown value is unknown."""

    name: str
    description: Title
    arguments: tuple[Argument, ...]
    returns: ArgumentKind

    @property
    def signature(self) -> str:
        """How it is written, such as `distance_m(geometry, to)`."""
        return f"{self.name}({', '.join(each.name for each in self.arguments)})"


TEXT = Argument("text", ("text",))
NUMBER = Argument("number", ("integer", "number"))
MOMENT = Argument("moment", ("date", "timestamp"))
GEOMETRY = Argument("geometry", ("geometry",))


def define(name: str, vi: str, en: str, arguments: tuple[Argument, ...], returns: ArgumentKind) -> FunctionDefinition:
    """A definition with its description in both languages."""
    return FunctionDefinition(name, Title(vi, en), arguments, returns)


DEFINITIONS = (
    define("lower", "Chữ thường", "The text in small letters", (TEXT,), "text"),
    define("upper", "Chữ hoa", "The text in capitals", (TEXT,), "text"),
    define("trim", "Bỏ khoảng trắng hai đầu", "The text without the spaces around it", (TEXT,), "text"),
    define("length", "Số ký tự", "The number of characters", (TEXT,), "integer"),
    define(
        "concat",
        "Hai đoạn văn bản nối lại",
        "Two texts, one after the other",
        (TEXT, Argument("then", ("text",))),
        "text",
    ),
    define("abs", "Giá trị tuyệt đối", "The number without its sign", (NUMBER,), "number"),
    define("round", "Số nguyên gần nhất, nửa làm tròn ra xa số không", "The nearest whole number", (NUMBER,), "number"),
    define("floor", "Số nguyên lớn nhất không vượt quá", "The greatest whole number not above", (NUMBER,), "number"),
    define("ceil", "Số nguyên nhỏ nhất không dưới", "The smallest whole number not below", (NUMBER,), "number"),
    define("year", "Năm, theo giờ UTC", "The year, in UTC", (MOMENT,), "integer"),
    define("month", "Tháng, từ 1 đến 12, theo giờ UTC", "The month, 1 to 12, in UTC", (MOMENT,), "integer"),
    define("day", "Ngày trong tháng, theo giờ UTC", "The day of the month, in UTC", (MOMENT,), "integer"),
    define(
        "length_m",
        "Chiều dài trên mặt bằng, mét, trong hệ tọa độ của thành phố",
        "The length on the ground plan in metres, in the city's coordinates; the boundary's of an area",
        (GEOMETRY,),
        "number",
    ),
    define(
        "area_m2",
        "Diện tích trên mặt bằng, mét vuông, trong hệ tọa độ của thành phố",
        "The area on the ground plan in square metres, in the city's coordinates",
        (GEOMETRY,),
        "number",
    ),
    define(
        "distance_m",
        "Khoảng cách ngắn nhất trên mặt bằng, mét",
        "The shortest distance on the ground plan in metres, in the city's coordinates",
        (GEOMETRY, Argument("to", ("geometry",))),
        "number",
    ),
    define(
        "is_within_m",
        "Có cách nhau không quá số mét đó không; dùng chỉ mục không gian",
        "Whether the two come as close as that many metres on the ground plan; found by the spatial index",
        (GEOMETRY, Argument("to", ("geometry",)), Argument("metres", ("integer", "number"))),
        "boolean",
    ),
)
FUNCTIONS: Mapping[str, FunctionDefinition] = {each.name: each for each in DEFINITIONS}
