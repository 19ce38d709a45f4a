"""What stands on either side of a line between two partitions, of every kind of conflict; places as in tests/cities.py.

The middle of one asset lies west of the line and that of the other east of it, so that they are of two partitions
wherever the city is parted there.
"""

from collections.abc import Iterator

from tests.shapes import Row, area, box, line, point

EDGE_M = 400.0  # a multiple of a square of the partitions
WEIGHT = 14  # trees on either side, so that the city is parted between them


def draw() -> Iterator[Row]:
    """Rows of every kind of conflict across the edge."""
    for number in range(WEIGHT):
        yield "tree", {"wkt": point(EDGE_M - 4, 15 + 40 * number)}
        yield "tree", {"wkt": point(EDGE_M + 4, 15 + 40 * number)}
    for rows in (draw_lines, draw_crossings, draw_faults, draw_places, draw_works):
        yield from rows(EDGE_M)


def draw_lines(x: float) -> Iterator[Row]:
    """Lines side by side: in the plan, with heights, and in a tunnel that keeps them apart."""
    yield "water_pipe", {"wkt": line([(x - 60, 20), (x + 20, 20)]), "nominal_diameter_mm": 200, "owner": "A"}
    yield "sewer_pipe", {"wkt": line([(x - 20, 22.5), (x + 60, 22.5)]), "system": "foul", "flow": "gravity"}
    level = {"crown_level_m": -1.0, "vertical_datum": "hon_dau"}
    yield "water_pipe", {"wkt": line([(x - 60, 40), (x + 20, 40)]), "outer_diameter_mm": 200, **level}
    yield "power_cable_underground", {"wkt": line([(x - 20, 40.3), (x + 60, 40.3)]), "outer_diameter_mm": 60, **level}
    yield "utility_tunnel", {"wkt": line([(x - 60, 60), (x + 40, 60)]), "width_mm": 3000}
    yield "water_pipe", {"wkt": line([(x - 10, 60.2), (x + 20, 60.2)]), "outer_diameter_mm": 200}
    yield "power_cable_underground", {"wkt": line([(x - 20, 59.8), (x + 10, 59.8)]), "outer_diameter_mm": 60}


def draw_crossings(x: float) -> Iterator[Row]:
    """A crossing too near in height, one of unknown height, and a pipe that lies shallow under a road."""
    yield "water_pipe", {"wkt": line([(x - 40, 90), (x + 10, 90)]), "outer_diameter_mm": 200, "cover_m": 1.0}
    yield "sewer_pipe", {"wkt": line([(x + 5, 80), (x + 5, 100)]), "nominal_diameter_mm": 400, "cover_m": 1.3}
    yield "telecom_duct", {"wkt": line([(x + 7, 80), (x + 7, 100)]), "width_mm": 200}
    yield "road_segment", {"wkt": line([(x - 60, 120), (x + 10, 120)]), "width_m": 12.0}
    yield "water_pipe", {"wkt": line([(x + 8, 110), (x + 8, 130)]), "cover_m": 0.6}


def draw_faults(x: float) -> Iterator[Row]:
    """Faults of the data: two rows for one pipe, ends that nearly meet, a sewer that narrows and climbs."""
    yield "water_pipe", {"wkt": line([(x - 10.03, 150), (x + 10, 150)]), "owner": "A"}
    yield "water_pipe", {"wkt": line([(x - 10, 150.02), (x + 10.03, 150.02)]), "owner": "B"}
    yield "telecom_duct", {"wkt": line([(x - 30, 170), (x - 0.2, 170)])}
    yield "telecom_duct", {"wkt": line([(x + 0.1, 170), (x + 30, 170)])}
    # The end in the middle is nearest to the eastern line; the western one must know of it to be none of its conflicts.
    yield "telecom_duct", {"wkt": line([(x - 0.48, 180), (x - 0.48, 200)])}
    yield "telecom_duct", {"wkt": line([(x + 0.45, 180), (x + 0.45, 200)])}
    yield "telecom_duct", {"wkt": line([(x, 190), (x, 189)])}
    yield "sewer_pipe", {"wkt": line([(x - 30, 220), (x, 220)]), "nominal_diameter_mm": 600}
    narrow = {"nominal_diameter_mm": 300, "invert_up_m": -1.2, "invert_down_m": -1.0}
    yield "sewer_pipe", {"wkt": line([(x, 220), (x + 30, 220)]), **narrow}
    yield "water_pipe", {"wkt": line([(x - 460, 240), (x - 420, 240)]), "remarks": "reaches out of the city"}


def draw_places(x: float) -> Iterator[Row]:
    """Houses and land over a main, under a line, and beside what must keep away from dwellings."""
    yield "water_pipe", {"wkt": line([(x - 40, 260), (x + 12, 260)]), "owner": "A"}
    yield "building", {"wkt": area(box(x + 2, 250, 20)), "use": "residential"}
    yield "water_pipe", {"wkt": line([(x - 40, 290), (x + 12, 290)]), "owner": "A"}
    yield "land_parcel", {"wkt": area(box(x + 2, 280, 20)), "land_use": "commercial", "owner": "B"}
    yield "power_line_overhead", {"wkt": line([(x - 60, 320), (x, 320)]), "voltage_kv": 110}
    yield "building", {"wkt": area(box(x + 1, 315, 10)), "use": "commercial"}
    yield "sewage_pump_station", {"wkt": point(x - 5, 350), "capacity_m3d": 100}
    yield "building", {"wkt": area(box(x + 1, 345, 10)), "use": "residential"}


def draw_works(x: float) -> Iterator[Row]:
    """Works at the same time, works that could share an opening, and works in a new street."""
    december = {"starts_on": "2026-12-05", "ends_on": "2026-12-24", "applicant": "A", "method": "trenchless"}
    yield "works_project", {"wkt": area(box(x - 12, 400, 10)), **december}
    yield "works_project", {"wkt": area(box(x + 2, 400, 10)), **december}
    yield "works_project", {"wkt": area(box(x - 12, 440, 10)), **december, "method": "open_cut", "phase": "design"}
    january = {"starts_on": "2027-01-05", "ends_on": "2027-01-24", "applicant": "B", "method": "open_cut"}
    yield "works_project", {"wkt": area(box(x + 2, 440, 10)), **january, "phase": "design"}
    yield "works_project", {"wkt": area(box(x - 12, 480, 10)), **december, "method": "open_cut", "phase": "approved"}
    yield "road_segment", {"wkt": line([(x - 5, 485), (x + 60, 485)]), "width_m": 6.0, "surfaced_on": "2026-06-01"}
