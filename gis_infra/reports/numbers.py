"""Numbers as people read them, in the signs of a language: Vietnamese writes a decimal comma and a point at thousands.

A share that is not whole is never written as 100 %, and one that is not nothing never as 0 %. "–" stands for nothing to
tell.
"""

from gis_infra.catalogue.definitions import Language

NONE = "–"
SWAPPED = str.maketrans(",.", ".,")
M_OF_KM = 1_000.0
M2_OF_KM2 = 1_000_000.0
M2_OF_HA = 10_000.0
KM2_FROM_M2 = 1_000_000.0  # smaller areas are told in hectares
SMALLEST_HA_M2 = 1_000.0  # and these in square metres


def show_number(value: float | None, language: Language, decimals: int = 0) -> str:
    """A number with marks at its thousands."""
    if value is None:
        return NONE
    text = f"{value:,.{decimals}f}"
    return text.translate(SWAPPED) if language == "vi" else text


def show_share(share: float | None, language: Language) -> str:
    """A share from 0 to 1 as per cent with one decimal; one close to an end shows that it is not there."""
    if share is None:
        return NONE
    if 0.9995 <= share < 1:
        return f">{show_number(99.9, language, 1)} %"
    if 0 < share < 0.0005:
        return f"<{show_number(0.1, language, 1)} %"
    return f"{show_number(100 * share, language, 1)} %"


def show_area(area_m2: float | None, language: Language) -> str:
    """An area in the unit that suits its size."""
    if area_m2 is None:
        return NONE
    if area_m2 < SMALLEST_HA_M2:
        return f"{show_number(area_m2, language)} m²"
    if area_m2 < KM2_FROM_M2:
        return f"{show_number(area_m2 / M2_OF_HA, language, 1)} ha"
    return f"{show_number(area_m2 / M2_OF_KM2, language, 2)} km²"


def show_length(length_m: float | None, language: Language) -> str:
    """A length of a network: kilometres with one decimal, below one of them metres."""
    if length_m is None:
        return NONE
    if abs(length_m) < M_OF_KM:
        return f"{show_number(length_m, language)} m"
    return f"{show_number(length_m / M_OF_KM, language, 1)} km"


def show_way(value: float | None, unit: str, language: Language) -> str:
    """A distance in metres or a time in minutes, as a service measures it. unit: "m" or "min"."""
    if value is None:
        return NONE
    if unit == "min":
        return f"{show_number(value, language, 1)} {'phút' if language == 'vi' else 'min'}"
    return f"{show_number(value, language, 0 if value >= 10 else 1)} m"
