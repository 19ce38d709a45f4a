"""The planted works: near each other on the same days, in streets with a new surface, able to share one trench."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon, Polygon

from samples import names
from samples.assets import Asset, Value
from samples.city import City
from samples.planting import Garden, Truth
from samples.streets import Street
from samples.works import draw_area, make_project

Days = tuple[date, date] | None
Place = tuple[Street, int]  # a street and a station of it
NOTE: dict[str, Value] = {"remarks": "giả định"}
SPRING, NONE = (date(2027, 3, 1), date(2027, 4, 30)), None


@dataclass(frozen=True)
class Pair:
    """Works and what lies so far along the street from them: a rule, its metres, what is found, or why nothing is."""

    rule: str
    required_m: float
    gap_m: float
    severity: str
    why: str = ""


def plant_works(garden: Garden, city: City) -> None:
    """Everything this module plants, each pair in a part of a street of its own."""
    streets = [each for each in city.streets if each.kind in ("street", "collector", "lane")]
    dug = [each.geometry for layer in ("works_project", "excavation_permit") for each in garden.by_layer[layer]]
    free = [
        (street, start)
        for street in streets
        for start in range(30, int(street.axis.length) - 115, 150)
        if all(draw_area(street, start, start + 90.0).distance(area) > 30 for area in dug)
    ]
    garden.random.shuffle(free)
    plant_overlaps(garden, free)
    plant_new_surfaces(garden, free)
    plant_joint_trenches(garden, free)


def plant_overlaps(garden: Garden, places: list[Place]) -> None:
    """Pairs of projects: overlapping, near, sharing one day, without days; and pairs that miss each other."""
    may, year_later = (date(2027, 5, 1), date(2027, 6, 30)), (date(2028, 3, 1), date(2028, 4, 30))
    april, last = (date(2027, 4, 10), date(2027, 5, 20)), (date(2027, 4, 30), date(2027, 5, 30))
    cases: tuple[tuple[float, Days, str, str], ...] = (
        (-20.0, april, "violation", ""),
        (0.0, last, "violation", ""),
        (6.0, april, "violation", ""),
        (9.99, april, "violation", ""),
        (-20.0, NONE, "possible", ""),
        (4.0, NONE, "possible", ""),
        (10.0, april, "", "exactly 10 m apart"),
        (-20.0, may, "", "one ends the day before the other begins"),
        (-20.0, year_later, "", "a year apart"),
    )
    for gap, days, severity, why in cases:
        pair = Pair("works.overlap", 10.0, gap, severity, why)
        plant_pair(garden, places, pair, lambda area, street, days=days: make_works(garden, area, street, days, 1))


def plant_new_surfaces(garden: Garden, places: list[Place]) -> None:
    """Works that begin in March 2027 beside a trench made good before, and works whose days nobody knows."""
    cases: tuple[tuple[float, date, Days, str, str], ...] = (
        (0.0, date(2025, 6, 1), SPRING, "violation", ""),
        (0.3, date(2025, 3, 2), SPRING, "violation", ""),
        (0.2, date(2097, 6, 1), NONE, "possible", ""),  # far ahead, so that it stays true
        (0.0, date(2025, 3, 1), SPRING, "", "made good exactly 24 months before"),
        (0.5, date(2025, 6, 1), SPRING, "", "exactly 0.5 m apart"),
        (0.0, date(2027, 3, 2), SPRING, "", "made good a day after the works begin"),
    )
    for gap, day, days, severity, why in cases:
        pair = Pair("works.moratorium", 0.5, gap, severity, why)
        plant_pair(garden, places, pair, lambda area, street, day=day: make_permit(garden, area, street, day), days)


def plant_joint_trenches(garden: Garden, places: list[Place]) -> None:
    """Works of two companies a few weeks apart, and pairs that are too far apart, or of one company."""
    june, july = (date(2027, 6, 1), date(2027, 6, 30)), (date(2027, 7, 28), date(2027, 8, 30))
    cases: tuple[tuple[float, Days, str, str, str], ...] = (
        (6.0, june, names.POWER_COMPANY, "opportunity", ""),
        (9.9, july, names.POWER_COMPANY, "opportunity", ""),
        (6.0, (date(2027, 7, 29), date(2027, 8, 30)), names.POWER_COMPANY, "", "90 days later"),
        (10.0, june, names.POWER_COMPANY, "", "exactly 10 m apart"),
        (6.0, june, names.WATER_COMPANY, "", "one company: it plans its own trenches"),
    )
    for gap, days, who, severity, why in cases:

        def make(area: Polygon, street: str, days: Days = days, who: str = who) -> Asset:
            works = make_works(garden, area, street, days, 1)
            works.values["applicant"] = who
            return works

        plant_pair(garden, places, Pair("works.joint_trench", 10.0, gap, severity, why), make)


def plant_pair(
    garden: Garden, places: list[Place], pair: Pair, make: Callable[..., Asset], days: Days = SPRING
) -> None:
    """Works and what `make` makes beside them, at the first place where nothing else is found; it is used up."""
    for street, start in places:
        left = make_works(garden, draw_area(street, start, start + 40.0), street.name, days)
        right = make(draw_area(street, start + 40.0 + pair.gap_m, start + 90.0), street.name)
        sides = (left.layer, left.code), (right.layer, right.code)
        truth = Truth(pair.rule, *sides, pair.required_m, max(pair.gap_m, 0.0), pair.why, pair.severity)
        found = garden.find_around(left, right)
        if len(found) == (0 if pair.why else 1) and garden.keep(truth, found, left, right):
            places.remove((street, start))
            return
    raise ValueError(f"no place for {pair.rule} at {pair.gap_m} m")


def make_works(garden: Garden, area: Polygon, street: str, days: Days, ahead: int = 0) -> Asset:
    """A project of the planted kind."""
    blank = garden.make("works_project", area, {}, ahead)
    return make_project(blank.code, area, {
        **NOTE, "name": f"Lắp đặt ống {street}", "applicant": names.WATER_COMPANY, "works_sector": "water",
        "method": "open_cut", "depth_m": 1.6, "permit_state": "applied", "phase": "design",
        "starts_on": days and days[0], "ends_on": days and days[1],
    })  # fmt: skip


def make_permit(garden: Garden, area: Polygon, street: str, reinstated_on: date) -> Asset:
    """A trench that has been made good."""
    blank = garden.make("excavation_permit", area, {})
    return Asset("excavation_permit", blank.code, MultiPolygon([area]), {
        "name": f"Đào đường {street}", "permit_number": f"{blank.code[-4:]}/GP-SXD", "applicant": names.WATER_COMPANY,
        "permit_state": "granted", "reinstated_on": reinstated_on, "purpose": "Sửa chữa công trình ngầm",
    })  # fmt: skip
