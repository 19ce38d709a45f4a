"""Streets of pipes as hypothesis makes them, on lattices where touching, joined and equal distances are common.

A scene is a list of (layer, values, points); a point is (east, north) or (east, north, height), metres from the scene's
corner. Angles of exactly 30 degrees cannot be drawn on a lattice.
"""

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


def make_lines(point, count):
    """Lines of two to four vertices."""
    points = st.lists(point, min_size=2, max_size=4, unique=True)
    return st.lists(st.tuples(LINES, points).map(lambda each: (*each[0], each[1])), min_size=2, max_size=count)


TREE = st.tuples(st.just("tree"), make_values({}, st.just({})), st.lists(TENTHS, min_size=1, max_size=1))
STREET = st.one_of(
    make_lines(TENTHS, 5),
    make_lines(HALVES, 5),
    st.tuples(make_lines(TENTHS, 3), st.lists(TREE, min_size=1, max_size=2)).map(lambda both: both[0] + both[1]),
)
STREETS = st.lists(STREET, min_size=20, max_size=20)
