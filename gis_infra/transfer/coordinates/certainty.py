"""When a coordinate system may be used: named, or said by the file and believable, or a guess that somebody accepts.

A refusal is one message that gives the best guess, why, where it lands, what else it may be, and the words to add.
"""

from dataclasses import replace

from gis_infra.errors import InvalidCrs
from gis_infra.transfer.coordinates.systems import CrsGuess

MOST_ALTERNATIVES = 4


def accept(crs: CrsGuess) -> CrsGuess:
    """A guess that lands in the city as one that is certain; any other as it is."""
    if crs.is_certain or crs.srid is None or crs.landing is None or crs.landing.distance_km:
        return crs
    return replace(crs, is_certain=True, reason=f"{crs.reason}; accepted as a guess")


def get_certain_srid(crs: CrsGuess, name: str) -> int:
    """The code of a coordinate system that is sure. name: of the source, for messages.

    Raises InvalidCrs, which gives the best guess, the alternatives and the words to add, if it is not.
    """
    if crs.srid is not None and crs.is_certain:
        return crs.srid
    raise InvalidCrs(f"the coordinate system of {name} is not sure: {crs.reason}{tell_choice(crs)}", where="crs")


def tell_choice(crs: CrsGuess) -> str:
    """What there is to choose from, and the words for it."""
    others = "".join(f"; or {each}: {each.words}" for each in crs.alternatives[:MOST_ALTERNATIVES])
    if crs.srid is None:
        return f"{others}; name the right one with --crs EPSG:n"
    landing = f"; so it lands {crs.landing}" if crs.landing is not None else ""
    accept = ", or --accept-guess to take the best guess" if crs.landing and crs.landing.distance_km == 0 else ""
    return f"{landing}{others}; if it is right, add {crs.words}{accept}"


def require_in_city(crs: CrsGuess, name: str, *, accept_outside: bool) -> None:
    """Return if the data reaches the city, or may lie anywhere. name: of the source, for messages.

    Raises InvalidCrs, which says where it would land and what would put it in the city.
    """
    if not crs.is_nowhere and (accept_outside or crs.landing is None or crs.landing.distance_km == 0):
        return
    place = f"lands {crs.landing}" if crs.landing is not None else "lands nowhere on earth"
    found = f"read as EPSG:{crs.srid} ({crs.reason}), {name} {place}"
    others = "".join(f"; as {each}: {each.words}" for each in crs.alternatives[:MOST_ALTERNATIVES])
    unknown = "" if crs.alternatives else "; no other system in use here puts it in or near the city"
    accept = "" if crs.is_nowhere else "; to take it where it is add --accept-outside"
    raise InvalidCrs(f"{found}{others or unknown}{accept}", where="crs")
