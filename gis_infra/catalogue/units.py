"""The units a field may be in: how layer files write them, how people read them, and how machines do.

And the units files bring besides, which are turned into a field's own: inches, volts, metres of water.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gis_infra.errors import InvalidParameter


@dataclass(frozen=True)
class Unit:
    """One unit.

    symbol: for people. ucum: in the Unified Code for Units of Measure, which JSON Schema names. quantity: what it
    measures; only units of one quantity can be turned into each other. size: how many of the first unit of that
    quantity it is, exactly.
    """

    symbol: str
    ucum: str
    quantity: str
    size: Fraction = Fraction(1)


UNITS: Mapping[str, Unit] = {
    "mm": Unit("mm", "mm", "length"),
    "cm": Unit("cm", "cm", "length", Fraction(10)),
    "m": Unit("m", "m", "length", Fraction(1000)),
    "km": Unit("km", "km", "length", Fraction(10**6)),
    "mm2": Unit("mm²", "mm2", "area"),
    "m2": Unit("m²", "m2", "area", Fraction(10**6)),
    "ha": Unit("ha", "har", "area", Fraction(10**10)),
    "km2": Unit("km²", "km2", "area", Fraction(10**12)),
    "m3": Unit("m³", "m3", "volume"),
    "m3/d": Unit("m³/d", "m3/d", "flow"),
    "l/s": Unit("l/s", "L/s", "flow", Fraction(864, 10)),
    "t/d": Unit("t/d", "t/d", "mass flow"),
    "bar": Unit("bar", "bar", "pressure"),
    "kV": Unit("kV", "kV", "voltage"),
    "kVA": Unit("kVA", "kV.A", "apparent power"),
    "MVA": Unit("MVA", "MV.A", "apparent power", Fraction(1000)),
    "W": Unit("W", "W", "power"),
    "kW": Unit("kW", "kW", "power", Fraction(1000)),
    "min": Unit("min", "min", "time"),
    "deg": Unit("°", "deg", "angle"),
    "%": Unit("%", "%", "share"),
    "dB": Unit("dB", "dB", "sound level"),
    "celsius": Unit("°C", "Cel", "temperature"),
}
# The inch is 25.4 mm and the foot 304.8 mm; kgf/cm² and mH2O go by the standard gravity, 9.80665 m/s².
FOREIGN_UNITS: Mapping[str, Unit] = {
    "dm": Unit("dm", "dm", "length", Fraction(100)),
    "in": Unit("inch", "[in_i]", "length", Fraction(254, 10)),
    "ft": Unit("ft", "[ft_i]", "length", Fraction(3048, 10)),
    "cm2": Unit("cm²", "cm2", "area", Fraction(100)),
    "l": Unit("l", "L", "volume", Fraction(1, 1000)),
    "m3/h": Unit("m³/h", "m3/h", "flow", Fraction(24)),
    "m3/s": Unit("m³/s", "m3/s", "flow", Fraction(86400)),
    "kPa": Unit("kPa", "kPa", "pressure", Fraction(1, 100)),
    "MPa": Unit("MPa", "MPa", "pressure", Fraction(10)),
    "mH2O": Unit("mH₂O", "m[H2O]", "pressure", Fraction(980665, 10**7)),
    "kgf/cm2": Unit("kgf/cm²", "kgf/cm2", "pressure", Fraction(980665, 10**6)),
    "V": Unit("V", "V", "voltage", Fraction(1, 1000)),
    "MW": Unit("MW", "MW", "power", Fraction(10**6)),
    "s": Unit("s", "s", "time", Fraction(1, 60)),
    "h": Unit("h", "h", "time", Fraction(60)),
    "permille": Unit("‰", "[ppth]", "share", Fraction(1, 10)),
}
ALL_UNITS: Mapping[str, Unit] = {**UNITS, **FOREIGN_UNITS}


def get_ratio(unit: str, target: str) -> Fraction:
    """By what a number in `unit` is multiplied to be in `target`. Raises InvalidParameter for two quantities."""
    if unit == target:
        return Fraction(1)
    theirs, ours = ALL_UNITS[unit], ALL_UNITS[target]
    if theirs.quantity != ours.quantity:
        message = f"{theirs.symbol} is a unit of {theirs.quantity}, {ours.symbol} one of {ours.quantity}"
        raise InvalidParameter(message, where="unit")
    return theirs.size / ours.size


def list_alike(unit: str) -> tuple[str, ...]:
    """The units that can be turned into `unit`, itself among them."""
    quantity = ALL_UNITS[unit].quantity
    return tuple(name for name, each in ALL_UNITS.items() if each.quantity == quantity)
