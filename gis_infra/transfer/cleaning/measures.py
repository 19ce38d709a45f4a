"""Numbers of a file as numbers of a field: decimal commas, signs before them and units behind them. Never rounds."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from gis_infra.catalogue.units import get_ratio
from gis_infra.errors import InvalidParameter
from gis_infra.transfer.mapping.unit_names import find_unit

NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
WITH_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})")
VULGAR = re.compile(r"(?:(\d+)[\s-]+)?(\d+)\s*/\s*(\d+)")
MEASURE = re.compile(r"([+-]?[\d.,][\d.,/\s-]*(?:[eE][+-]?\d+)?)\s*(.*)")
# Signs before a number that say what it is, by the unit they go with.
SIGNS: Mapping[str, re.Pattern[str]] = {
    "mm": re.compile(r"^(?:DN|OD|D|Ø|Φ|⌀|φ|ø|phi)\s*[.:=]?\s*(?=\d)", re.IGNORECASE),
    "bar": re.compile(r"^PN\s*(?=\d)", re.IGNORECASE),
}
EXACT_UP_TO = 2.0**53  # whole numbers beyond it may have lost digits in a float
MOST_EXPONENT = 400  # beyond it a number is no float, and exact arithmetic would take for ever
# Trade sizes of pipes: inches -> nominal diameter in mm. Source: ASME B36.10M, DN beside NPS; ISO 6708.
TRADE_SIZES: Mapping[Fraction, int] = {
    Fraction(inches): size
    for inches, size in {
        "1/4": 8, "3/8": 10, "1/2": 15, "3/4": 20, "1": 25, "5/4": 32, "3/2": 40, "2": 50, "5/2": 65, "3": 80,
        "7/2": 90, "4": 100, "5": 125, "6": 150, "8": 200, "10": 250, "12": 300, "14": 350, "16": 400, "18": 450,
        "20": 500, "22": 550, "24": 600, "26": 650, "28": 700, "30": 750, "32": 800, "34": 850, "36": 900, "42": 1050,
        "48": 1200, "56": 1400, "64": 1600, "72": 1800, "80": 2000,
    }.items()
}  # fmt: skip


def parse_number(unit: str | None, asked: str | None, value: object) -> float:
    """A number in the field's unit.

    unit: the field's. asked: what the column's numbers are in, None for the field's; one behind a number goes before.
    "1.234,5" and "1,234.5" have thousands marked; "1,234" is 1.234, since a decimal comma is what Vietnam writes.
    Raises ValueError.
    """
    return to_float(measure(unit, asked, value)[0])


def parse_integer(unit: str | None, asked: str | None, value: object) -> int:
    """A whole number in the field's unit. Raises ValueError for a fraction, never rounded away, and for lost digits.

    A whole number of mm is a nominal size: inches are read as the trade size they name, so that 4 inch is DN 100.
    """
    number, found = measure(unit, asked, value)
    if unit == "mm" and found == "in":
        return get_trade_size(number / get_ratio("in", "mm"))
    if number.denominator != 1:
        raise ValueError("is not a whole number")
    if isinstance(value, float) and abs(value) >= EXACT_UP_TO:
        raise ValueError("is too large to be exact")
    if not -(2**63) <= number < 2**63:
        raise ValueError("is too large")
    return int(number)


def measure(unit: str | None, asked: str | None, value: object) -> tuple[Fraction, str | None]:
    """A value as an exact number in the field's unit, and the unit it was written in. Raises ValueError."""
    if isinstance(value, str):
        found, number = split_measure(unit, asked, value)
    else:
        found, number = asked or unit, to_fraction(value)
    if found is None or unit is None or found == unit:
        return number, found
    try:
        return number * get_ratio(found, unit), found
    except InvalidParameter as error:
        raise ValueError(f"is in the wrong unit: {error.message}") from None


def scale(column: pa.Array, unit: str | None, target: str | None) -> pa.Array:
    """A column of floats in another unit, each the float nearest to its decimal product; null stays null.

    Raises InvalidParameter for two quantities.
    """
    if unit is None or target is None:
        return column
    ratio = get_ratio(unit, target)
    over, under = Decimal(ratio.numerator), Decimal(ratio.denominator)
    # Through decimals, for in binary 0.57 m are not 570 mm.
    scaled = (None if value is None else float(Decimal(repr(value)) * over / under) for value in column.to_pylist())
    return pa.array(scaled, pa.float64(), size=len(column))


def split_measure(unit: str | None, asked: str | None, text: str) -> tuple[str | None, Fraction]:
    """The unit a text is written in, and its number. Raises ValueError."""
    bare = text.strip().replace("\u2212", "-").replace("\u00a0", " ")
    if unit is not None and (sign := SIGNS.get(unit)):
        bare = sign.sub("", bare)
    match = MEASURE.fullmatch(bare)
    if match is None:
        raise ValueError(f"is not a number{f' in {unit}' if unit else ''}")
    behind = match[2].strip()
    written = find_unit(behind) if behind else None
    if behind and (written is None or unit is None):
        raise ValueError(f"is not a number{f' in {unit}' if unit else ''}: {behind!r} is no unit known here")
    found = written or asked or unit
    # Only inches are written as fractions; 110/22 kV are two voltages.
    if found == "in" and (parts := VULGAR.fullmatch(match[1].strip())) and int(parts[3]):
        return found, Fraction(int(parts[1] or 0)) + Fraction(int(parts[2]), int(parts[3]))
    return found, parse_decimal(match[1].strip(), unit)


def parse_decimal(text: str, unit: str | None) -> Fraction:
    """The number of a text without sign and unit, with a decimal comma or point. Raises ValueError."""
    if WITH_THOUSANDS.fullmatch(text):
        text = drop_thousands(text)
    if not NUMBER.fullmatch(text):
        raise ValueError(f"is not a number{f' in {unit}' if unit else ''}")
    return to_exact(Decimal(text.replace(",", ".")))


def drop_thousands(text: str) -> str:
    """A number without the marks between its thousands: the mark that comes first."""
    mark = min((mark for mark in ".," if mark in text), key=text.index)
    return text.replace(mark, "")


def to_fraction(value: object) -> Fraction:
    """A number of another type, as it is written in decimals. Raises ValueError for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("is not a number")
    return to_exact(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))


def to_exact(number: Decimal) -> Fraction:
    """The number without loss. Raises ValueError for one that is not finite or that no float could hold."""
    if not number.is_finite() or number.adjusted() > MOST_EXPONENT:
        raise ValueError("is not a finite number")
    return Fraction(0) if number.adjusted() < -MOST_EXPONENT else Fraction(number)


def to_float(number: Fraction) -> float:
    """The float nearest to a number. Raises ValueError if it is beyond all floats."""
    try:
        return float(number)
    except OverflowError:
        raise ValueError("is not a finite number") from None


def get_trade_size(inches: Fraction) -> int:
    """The nominal diameter in mm that a trade size in inches names; 0 of 0. Raises ValueError."""
    size = TRADE_SIZES.get(inches, 0 if inches == 0 else None)
    if size is None:
        raise ValueError("is no trade size of pipes in inches, such as 1/2, 3/4, 1, 1 1/2, 2, 4; give it in mm")
    return size
