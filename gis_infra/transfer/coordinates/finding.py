"""Which coordinate system a file is in: what was asked, what the file says, what its numbers allow.

A guess is never used unless it is accepted: a file that says nothing, a datum that cannot be, axes that are swapped, a
statement that puts the data outside the city while another system puts it inside.
"""

from dataclasses import replace

from gis_infra.spatial.crs import (
    VN2000,
    VN2000_TM3,
    WGS84,
    get_crs,
    get_datum_srid,
    get_name,
    get_transformer,
    is_geographic,
    parse_crs,
)
from gis_infra.transfer.coordinates.definitions import Definition, read_definition
from gis_infra.transfer.coordinates.systems import (
    NEAR_KM,
    ZONES_TAKEN_IN,
    Box,
    Candidate,
    City,
    CrsGuess,
    Landing,
    find_candidates,
    find_landing,
    list_candidates,
    measure_distance_km,
)

TWIN_KM = 1.0  # more than the datums in use lie apart, less than any two grids
DATUM_M = 1.0  # accuracy of a datum shift, metres, beyond which it is told


def find_crs(asked: str | None, wkt: str, bounds: Box | None, city: City, swap_xy: bool = False) -> CrsGuess:
    """The coordinate system of a file.

    asked: what the caller named, which is taken; wkt: what the file says, "" if nothing; bounds: of its coordinates, in
    the file's own order of axes. swap_xy: the caller says that the first coordinate is the northing.
    Raises InvalidCrs if what was asked is no known system.
    """
    if asked is not None:
        return check_asked(parse_crs(asked).srid, bounds, city, swap_xy)
    definition = read_definition(wkt)
    if definition.srid is None:
        return guess_by_extent(definition.reason, bounds, city, swap_xy)
    return check_definition(definition, definition.srid, bounds, city, swap_xy)


def check_asked(srid: int, bounds: Box | None, city: City, swap_xy: bool) -> CrsGuess:
    """What was asked, with where it lands; what else would land in the city if that does not."""
    landing = find_landing(srid, bounds, city, swap_xy=swap_xy)
    reason = f"as asked{', axes swapped' if swap_xy else ''}{tell_of_datum(srid, city)}"
    is_there = bounds is None or (landing is not None and landing.distance_km == 0)
    others = () if is_there else list_others(srid, bounds, city, swap_xy)
    return CrsGuess(srid, True, reason, landing, others, swap_xy, is_nowhere=bounds is not None and landing is None)


def check_definition(definition: Definition, srid: int, bounds: Box | None, city: City, swap_xy: bool) -> CrsGuess:
    """What the file says (EPSG:`srid`), believed if it lands in the city, or if nothing else does."""
    landing = find_landing(srid, bounds, city, swap_xy=swap_xy)
    reason = definition.reason + tell_of_datum(srid, city)
    guess = CrsGuess(srid, definition.is_certain, reason, landing, (), swap_xy, definition.is_datum_guess)
    if bounds is None:
        return guess
    others = list_others(srid, bounds, city, swap_xy)
    if landing is not None and landing.distance_km == 0:
        return doubt_zone(guess, others, city)
    best = next((each for each in others if each.is_within), None)
    if best is None:
        return replace(guess, alternatives=others, is_nowhere=landing is None)
    reason = f"{reason}{tell_of_miss(srid, landing, bounds)}; {tell_what_fits(best, srid)}"
    rest = tuple(each for each in others if each is not best)
    return CrsGuess(best.srid, False, reason, best.landing, rest, best.swap_xy)


def tell_of_miss(srid: int, landing: Landing | None, bounds: Box) -> str:
    """What is wrong with the file's own statement."""
    if landing is None and is_geographic(srid):
        return f", which is degrees, but its coordinates run to {max(map(abs, bounds)):,.0f}"
    return f", but so it would land {landing if landing is not None else 'nowhere on earth'}"


def tell_what_fits(best: Candidate, srid: int) -> str:
    """What puts the data in the city where the file's own statement does not."""
    if best.srid == srid and best.swap_xy:
        return "its first coordinate seems to be the northing: with the axes swapped it lands in the city, a guess"
    return f"{tell_name(best.srid)}{', axes swapped,' if best.swap_xy else ''} puts it in the city, a guess"


def tell_name(srid: int) -> str:
    """A system by its code and its name."""
    return f"EPSG:{srid} ({get_name(srid)})"


def doubt_zone(guess: CrsGuess, others: tuple[Candidate, ...], city: City) -> CrsGuess:
    """The same guess; no longer certain if it is another province's zone and the city's own fits as well.

    A zone chosen one line too high or too low in a list puts data 27 km off, still in the city.
    """
    if not guess.is_certain:
        return replace(guess, alternatives=tuple(each for each in others if is_twin(each, guess)))
    own = (city.srid, *ZONES_TAKEN_IN.get(city.srid, ()))
    if guess.srid not in VN2000_TM3 or guess.srid in own or city.srid not in VN2000_TM3:
        return guess
    twins = tuple(each for each in others if each.srid in own and each.is_within)
    if not twins:
        return guess
    reason = f"{guess.reason}, which is the zone of other provinces; the city's own puts it in the city as well"
    return replace(guess, is_certain=False, reason=reason, alternatives=twins)


def is_twin(candidate: Candidate, guess: CrsGuess) -> bool:
    """Whether it puts the data where the guess does, but for a shift between datums."""
    if candidate.landing is None or guess.landing is None:
        return False
    return measure_distance_km(candidate.landing.box[:2] * 2, guess.landing.box[:2] * 2) < TWIN_KM


def guess_by_extent(why: str, bounds: Box | None, city: City, swap_xy: bool) -> CrsGuess:
    """The system in which the coordinates lie in the city: always a guess, which the caller must confirm."""
    if bounds is None:
        return CrsGuess(None, False, f"{why}, and there are no coordinates to judge by", swap_xy=swap_xy)
    found = tuple(each for each in find_candidates(bounds, city) if each.swap_xy or not swap_xy)
    inside = tuple(each for each in found if each.is_within)
    touching = tuple(each for each in found if each.is_touching)
    choice = inside or (touching if len(touching) == 1 else ())
    if not choice:
        return CrsGuess(None, False, f"{why}, and {tell_of_none(found, bounds, city)}", None, found, swap_xy)
    best, *rest = choice
    swapped = " with its axes swapped (northing first)" if best.swap_xy else ""
    others = f", and so would {', '.join(f'EPSG:{each.srid}' for each in rest)}" if rest else ""
    only = "" if rest else " of the systems in use here only"
    place = "in the city" if best.is_within else "partly in the city"
    reason = f"{why};{only} {tell_name(best.srid)}{swapped} puts it {place}, a guess{others}"
    return CrsGuess(best.srid, False, reason, best.landing, tuple(rest), best.swap_xy)


def tell_of_none(found: tuple[Candidate, ...], bounds: Box, city: City) -> str:
    """Why no system is suggested."""
    box = " ".join(f"{number:,.2f}" for number in bounds)
    if any(each.is_touching for each in found):
        return f"its coordinates ({box}) reach far beyond the city in every system in use here: some may be stray"
    if any(each.is_within for each in find_candidates(scale(bounds), city)):
        return f"its coordinates ({box}) look like millimetres: bring them to metres first"
    if found:
        return "no system in use here puts it in the city"
    return f"no system in use here puts its coordinates ({box}) in the city or within {NEAR_KM:g} km of it"


def scale(bounds: Box, by: float = 0.001) -> Box:
    """A box of smaller numbers."""
    xmin, ymin, xmax, ymax = bounds
    return xmin * by, ymin * by, xmax * by, ymax * by


def list_others(srid: int, bounds: Box | None, city: City, swap_xy: bool) -> tuple[Candidate, ...]:
    """What else lands in or near the city: the same system with its axes the other way round, then the candidates."""
    found = find_candidates(bounds, city)
    if bounds is not None and srid not in list_candidates(city):
        other_way = Candidate(srid, not swap_xy, find_landing(srid, bounds, city, swap_xy=not swap_xy))
        found = (other_way, *found) if other_way.is_touching else found
    others = [each for each in found if (each.srid, each.swap_xy) != (srid, swap_xy)]
    # Whoever names a system rarely names a wrong one: the same with its axes swapped is the likelier slip.
    return tuple(sorted(others, key=lambda each: each.srid != srid or not each.is_within))


def tell_of_datum(srid: int, city: City) -> str:
    """A clause on a shift between datums that is not exact; "" if it is, or there is none."""
    datum, own = get_datum_srid(get_crs(srid)), get_datum_srid(get_crs(city.srid))
    if datum == own or {datum, own} == {VN2000, WGS84}:
        return ""
    transformer = get_transformer(srid, city.srid)
    if transformer.accuracy is None or transformer.accuracy < 0:
        return "; how its datum lies to the city's is not known, so it may be hundreds of metres off"
    return f"; its datum is tied to the city's to {transformer.accuracy:g} m" if transformer.accuracy > DATUM_M else ""
