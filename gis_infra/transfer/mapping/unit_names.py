"""How files write units: in the name of a column, behind a number, or as somebody says them."""

import re
import unicodedata
from collections.abc import Mapping

from gis_infra.catalogue.units import ALL_UNITS, list_alike
from gis_infra.errors import InvalidParameter

# Unit -> how it is written, without marks, case, blanks, dots and slashes; the unit's own name and symbol besides.
SPELLINGS: Mapping[str, str] = {
    "mm": "milimet millimetre millimeter mili ly",
    "cm": "centimet centimetre centimeter xentimet phan",
    "dm": "decimet decimetre",
    "m": "met metre meter metres meters",
    "km": "kilomet kilometre kilometer cayso",
    "in": "inch inches \" '' ″ ”",
    "ft": "feet foot",
    "mm2": "milimetvuong",
    "m2": "metvuong sqm",
    "ha": "hecta hectare",
    "km2": "kilometvuong",
    "m3": "metkhoi khoi cubicmetre",
    "l": "lit litre liter",
    "m3/d": "m3ngay m3ngd m3ngaydem m3ng m3day cmd",
    "m3/h": "m3gio m3hour cmh",
    "m3/s": "m3giay cms",
    "l/s": "lps litgiay lgiay",
    "t/d": "tngay tngd tanngay tanngaydem tpd",
    "bar": "bars",
    "kgf/cm2": "kgcm2 kg kgf",
    "mH2O": "mh2o mcn mcotnuoc metcotnuoc mwc",
    "V": "von volt volts",
    "kV": "kilovon kilovolt",
    "W": "watt watts oat",
    "min": "phut ph minute minutes",
    "h": "gio hour hours",
    "s": "giay sec second seconds",
    "deg": "do degree degrees",
    "%": "percent phantram pct",
    "permille": "phannghin promille",
    "dB": "dba",
    "celsius": "doc degc",
}
GLUED = frozenset({"mm", "cm", "km", "kv", "kva", "mva", "inch", "bar", "m2", "m3", "km2", "mm2"})
BRACKETED = re.compile(r"^(.*?)[\s_.,-]*[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*$")
SUFFIXED = re.compile(r"^(.+?)[\s_.-]+([^\s_.-]+)$")


def normalise(text: str) -> str:
    """A unit as spellings are compared: no marks, case, blanks, dots, slashes; ² is 2."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return re.sub(r"[\s./^_·]", "", "".join(mark for mark in bare if not unicodedata.combining(mark)))


def make_table() -> dict[str, str]:
    """Normalised spelling -> unit, for every unit there is."""
    table: dict[str, str] = {}
    for name, unit in ALL_UNITS.items():
        for spelling in (name, unit.symbol, *SPELLINGS.get(name, "").split(" ")):
            if normalise(spelling):
                table.setdefault(normalise(spelling), name)
    return table


UNITS_BY_SPELLING: Mapping[str, str] = make_table()


def find_unit(text: str) -> str | None:
    """The unit that is written so, None if there is none."""
    return UNITS_BY_SPELLING.get(normalise(text))


def parse_unit(text: str, target: str | None, where: str) -> str:
    """The unit somebody says of a column, which can be turned into `target`.

    where: what the column is called in a message. Raises InvalidParameter, which lists the units allowed.
    """
    if target is None:
        raise InvalidParameter(f"{where} goes to a field without a unit, and cannot be in {text!r}", where="unit")
    unit = find_unit(text)
    allowed = list_alike(target)
    if unit not in allowed:
        raise InvalidParameter(
            f"{where} goes to a field in {target}, and cannot be in {text!r}; allowed are {', '.join(allowed)}",
            where="unit",
        )
    return unit


def split_unit(column: str) -> tuple[str, str] | None:
    """A column's name without the unit at its end, and that unit: "DK_MM", "Đường kính (cm)", "DKMM".

    None if no unit stands there.
    """
    for form in (BRACKETED, SUFFIXED):
        if match := form.match(column):
            unit = find_unit(match[2])
            if unit is not None:
                return match[1], unit
    low = column.casefold()
    for ending in sorted(GLUED, key=len, reverse=True):
        if low.endswith(ending) and len(low) - len(ending) >= 2:
            unit = find_unit(ending)
            return (column[: -len(ending)], unit) if unit is not None else None
    return None
