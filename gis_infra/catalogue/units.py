"""The units a field may be in: how layer files write them, how people read them, and how machines do."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One unit. symbol: for people; ucum: in the Unified Code for Units of Measure, which JSON Schema names."""

    symbol: str
    ucum: str


UNITS: Mapping[str, Unit] = {
    "mm": Unit("mm", "mm"),
    "cm": Unit("cm", "cm"),
    "m": Unit("m", "m"),
    "km": Unit("km", "km"),
    "mm2": Unit("mm²", "mm2"),
    "m2": Unit("m²", "m2"),
    "ha": Unit("ha", "har"),
    "km2": Unit("km²", "km2"),
    "m3": Unit("m³", "m3"),
    "m3/d": Unit("m³/d", "m3/d"),
    "l/s": Unit("l/s", "L/s"),
    "t/d": Unit("t/d", "t/d"),
    "bar": Unit("bar", "bar"),
    "kV": Unit("kV", "kV"),
    "kVA": Unit("kVA", "kV.A"),
    "MVA": Unit("MVA", "MV.A"),
    "W": Unit("W", "W"),
    "kW": Unit("kW", "kW"),
    "min": Unit("min", "min"),
    "deg": Unit("°", "deg"),
    "%": Unit("%", "%"),
    "dB": Unit("dB", "dB"),
    "celsius": Unit("°C", "Cel"),
}
