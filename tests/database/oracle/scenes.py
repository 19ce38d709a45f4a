"""Streets of pipes as hypothesis makes them, on lattices where touching, joined and equal distances are common.

A scene is a list of (layer, values, points); a point is (east, north) or (east, north, height), metres from the scene's
corner. Angles of exactly 30 degrees cannot be drawn on a lattice.
"""

import datetime

from hypothesis import strategies as st

TENTHS = st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda p: (p[0] / 10, p[1] / 10))
HALVES = st.tuples(st.integers(0, 40), st.integers(0, 4)).map(lambda p: (p[0] / 2, p[1] / 2))
SIZES = st.sampled_from([None, 100, 200, 300, 500])
ACCURACY = {
    "horizontal_accuracy_m": st.sampled_from([0, 0.05, 0.2, 9]),
    "vertical_accuracy_m": st.sampled_from([0, 0.05, 0.3]),
    "quality_level": st.sampled_from(["a", "b2", "b3", "d"]),
}
LEVELS = st.integers(0, 20).map(lambda tenths: tenths / 10)
HEIGHTS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"cover_m": LEVELS}),
    st.fixed_dictionaries({"crown_level_m": LEVELS}),
    st.fixed_dictionaries({"invert_level_m": LEVELS}),
    st.fixed_dictionaries({"z": st.lists(LEVELS, min_size=4, max_size=4),
                           "level_reference": st.sampled_from(["crown", "invert", "axis", "ground"])},
                          optional={"cover_m": LEVELS}),
)  # fmt: skip
DATUM = {"vertical_datum": st.sampled_from(["hon_dau", "ha_tien", "unknown"])}
STATUS = {"status": st.sampled_from(["removed", "abandoned"])}


def make_values(own, heights=HEIGHTS):
    """Values of one asset: its own, how exact they are, and how high it lies."""
    fixed = st.fixed_dictionaries(own, optional={**ACCURACY, **DATUM, **STATUS})
    return st.tuples(fixed, heights).map(lambda both: {**both[0], **both[1]})


KNOWN = st.one_of(
    st.fixed_dictionaries({"crown_level_m": LEVELS}),
    st.fixed_dictionaries({"z": st.lists(LEVELS, min_size=4, max_size=4), "level_reference": st.just("axis")}),
)
ROUND = st.fixed_dictionaries({"outer_diameter_mm": st.sampled_from([100, 200, 300])}, optional=ACCURACY)
LEVEL = st.tuples(
    st.sampled_from(["water_pipe", "power_cable_underground"]),
    st.tuples(ROUND, KNOWN).map(lambda both: {**both[0], **both[1]}),
)
WATER = make_values(
    {"nominal_diameter_mm": SIZES, "outer_diameter_mm": st.sampled_from([None, 520]),
     "function": st.sampled_from([None, "distribution", "fire"])}
)  # fmt: skip
SEWER = make_values(
    {"system": st.sampled_from([None, "foul", "combined", "storm"]), "width_mm": SIZES, "height_mm": SIZES},
    st.one_of(HEIGHTS, st.fixed_dictionaries({"invert_up_m": LEVELS, "invert_down_m": LEVELS})),
)
POWER = make_values({"laying": st.sampled_from([None, "direct", "tunnel"]), "outer_diameter_mm": SIZES})
DUCT = make_values({"width_mm": SIZES})
CHANNEL = make_values({"width_mm": SIZES}, st.just({}))
TUNNEL = make_values({"width_mm": st.sampled_from([500, 2400])}, st.just({}))
LINES = st.one_of(
    st.tuples(st.just("water_pipe"), WATER),
    st.tuples(st.just("water_pipe"), WATER),
    st.tuples(st.just("sewer_pipe"), SEWER),
    st.tuples(st.just("power_cable_underground"), POWER),
    st.tuples(st.just("telecom_duct"), DUCT),
    st.tuples(st.just("drainage_channel"), CHANNEL),
    st.tuples(st.just("utility_tunnel"), TUNNEL),
)


def make_lines(point, count, kinds=LINES):
    """Lines of two to four vertices."""
    points = st.lists(point, min_size=2, max_size=4, unique=True)
    return st.lists(st.tuples(kinds, points).map(lambda each: (*each[0], each[1])), min_size=2, max_size=count)


TREE = st.tuples(st.just("tree"), make_values({}, st.just({})), st.lists(TENTHS, min_size=1, max_size=1))
STREET = st.one_of(
    make_lines(TENTHS, 5),
    make_lines(HALVES, 5),
    make_lines(HALVES, 4, LEVEL),
    make_lines(TENTHS, 4, LEVEL),
    st.tuples(make_lines(TENTHS, 3), st.lists(TREE, min_size=1, max_size=2)).map(lambda both: both[0] + both[1]),
)
# Known in height, or not at all: what only a crown or an invert tells of an asset without a size is for crossings.
UNKNOWN = st.tuples(st.just("power_cable_underground"), ROUND)
SPACES = st.lists(
    st.one_of(make_lines(HALVES, 4, st.one_of(LEVEL, LEVEL, UNKNOWN)), make_lines(TENTHS, 4, LEVEL)),
    min_size=20,
    max_size=20,
)
STREETS = st.lists(STREET, min_size=20, max_size=20)


# The kinds that are no clearance: buildings, water, works and streets among pipes.
DAY = st.integers(0, 30).map(lambda tens: datetime.date(2026, 6, 1) + datetime.timedelta(tens * 10))
DAYS = st.one_of(DAY, DAY, DAY, DAY, st.none())
OWNERS = st.sampled_from([None, "A", "B"])
BOXES = st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(1, 6), st.integers(1, 6)).map(
    lambda box: [(box[0] / 2, box[1] / 2), ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)]
)
SPOTS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda p: (p[0] / 2, p[1] / 2))
PATHS = st.lists(SPOTS, min_size=2, max_size=3, unique=True)


def order_days(values):
    """Works whose first day is not after the last one."""
    first, last = values["starts_on"], values["ends_on"]
    return values if None in (first, last) or first <= last else {**values, "starts_on": last, "ends_on": first}


WORKS = make_values(
    {
        "starts_on": DAYS,
        "ends_on": DAYS,
        "applicant": OWNERS,
        "method": st.sampled_from(["open_cut", "open_cut", "trenchless", None]),
    },
    st.just({}),
).map(order_days)
ROAD = make_values(
    {"width_m": st.sampled_from([None, 2, 4]), "moratorium_until": DAYS,
     "surfaced_on": DAYS.map(lambda day: day and day.replace(year=2024, day=1))},
    st.just({}),
)  # fmt: skip
BUILDING = make_values({"owner": OWNERS, "use": st.sampled_from([None, "residential", "commercial"])}, st.just({}))
OVERHEAD = make_values({"conductor": st.sampled_from([None, "insulated", "bare"])}, st.just({}))
PUMP = make_values({"capacity_m3d": st.sampled_from([None, 100, 200, 300])}, st.just({}))
LOW = st.sampled_from([1.7, 1.9])
OWNED_WATER = make_values(
    {"owner": OWNERS, "nominal_diameter_mm": st.sampled_from([None, 200, 400]),
     "outer_diameter_mm": st.sampled_from([None, 300])},
    st.one_of(HEIGHTS, st.fixed_dictionaries({"crown_level_m": st.just(2.0), "invert_level_m": LOW})),
)  # fmt: skip
OWNED_SEWER = make_values(
    {"owner": OWNERS, "nominal_diameter_mm": SIZES, "width_mm": SIZES,
     "flow": st.sampled_from([None, "gravity", "pressure"])},
    st.one_of(HEIGHTS, st.fixed_dictionaries({"invert_up_m": LEVELS, "invert_down_m": LEVELS})),
)  # fmt: skip


def make_feature(layer, values, points):
    """One feature of a layer."""
    return st.tuples(st.just(layer), values, points)


SPOT = st.lists(SPOTS, min_size=1, max_size=1)


def make_scenes(*things, always=()):
    """Twenty scenes of some of these, and what is in all of them."""
    scene = st.lists(st.one_of(*things), min_size=3, max_size=6).map(lambda drawn: [*always, *drawn])
    return st.lists(scene, min_size=20, max_size=20)


PLACES = make_scenes(
    make_feature("water_pipe", OWNED_WATER, PATHS),
    make_feature("sewer_pipe", OWNED_SEWER, PATHS),
    make_feature("building", BUILDING, BOXES),
    make_feature("building", BUILDING, BOXES),
    make_feature("water_body", make_values({}, st.just({})), BOXES),
    make_feature("road_segment", ROAD, PATHS),
    make_feature("power_line_overhead", OVERHEAD, PATHS),
    make_feature("sewage_pump_station", PUMP, SPOT),
    # `outside` looks at every area there is: one in each scene, so that those of others are too far away to count.
    always=[("water_body", {}, [(0.0, 0.0), (3.0, 6.0)])],
)
SITES = make_scenes(
    make_feature("works_project", WORKS, BOXES),
    make_feature("works_project", WORKS, BOXES),
    make_feature("road_segment", ROAD, PATHS),
)
# Ends on whole metres or a few centimetres beside them: joined, nearly joined, twice there.
JITTER = st.sampled_from([0.0, 0.0, 0.04, 0.06, 0.2, 0.3])
NODES = st.tuples(st.integers(0, 3), st.integers(0, 1), JITTER).map(lambda p: (p[0] * 2 + p[2], p[1] * 2.0))
PIPES = st.lists(NODES, min_size=2, max_size=2, unique=True)
RECORDS = make_scenes(
    make_feature("water_pipe", OWNED_WATER, PIPES),
    make_feature("sewer_pipe", OWNED_SEWER, PIPES),
    make_feature("sewer_pipe", OWNED_SEWER, PIPES),
    make_feature("sewer_pipe", OWNED_SEWER, PIPES),
)
