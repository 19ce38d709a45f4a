"""The planted clearances: two conflicts of every rule of the table, and what is nearly one and is none."""

from samples import names
from samples.assets import ACCURACY_M, Asset, Value
from samples.planting import Beside, Garden, plant_beside

COMMON: dict[str, Value] = {"vertical_position": "underground", "remarks": "giả định"}
LAYERS = {
    "water_main": "water_pipe",
    "foul_sewer": "sewer_pipe",
    "storm_drain": "sewer_pipe",
    "power_cable": "power_cable_underground",
    "telecom_cable": "telecom_cable",
}
TABLE: tuple[tuple[str, str, float], ...] = (
    ("water_main", "water_main", 0.5),
    ("water_main", "storm_drain", 0.5),
    ("water_main", "power_cable", 0.5),
    ("water_main", "telecom_cable", 0.5),
    ("water_main", "drain_channel_or_tunnel", 1.5),
    ("foul_sewer", "foul_sewer", 0.4),
    ("foul_sewer", "storm_drain", 0.4),
    ("foul_sewer", "power_cable", 0.5),
    ("foul_sewer", "telecom_cable", 0.5),
    ("foul_sewer", "drain_channel_or_tunnel", 1.0),
    ("storm_drain", "storm_drain", 0.4),
    ("storm_drain", "power_cable", 0.5),
    ("storm_drain", "telecom_cable", 0.5),
    ("storm_drain", "drain_channel_or_tunnel", 1.0),
    ("power_cable", "power_cable", 0.1),
    ("power_cable", "telecom_cable", 0.5),
    ("power_cable", "drain_channel_or_tunnel", 2.0),
    ("telecom_cable", "drain_channel_or_tunnel", 1.0),
)


def make_line_values(kind: str, size: int = 100, function: str = "distribution") -> dict[str, Value]:
    """The attributes of a planted line of a class; `size` and `function` are for water mains.

    As deep as others of its kind, so that it crosses what it crosses with room to spare.
    """
    if kind == "water_main":
        return {**COMMON, "cover_m": 1.95, "owner": names.WATER_COMPANY, "function": function,
                "nominal_diameter_mm": size, "outer_diameter_mm": size + 18.0,
                "material": "ductile_iron", "pressure_bar": 10.0}  # fmt: skip
    if kind in ("foul_sewer", "storm_drain"):
        return {**COMMON, "cover_m": 4.2, "owner": names.CITY, "operator": names.DRAINAGE_COMPANY, "shape": "circular",
                "system": "foul" if kind == "foul_sewer" else "storm", "nominal_diameter_mm": 200,
                "outer_diameter_mm": 210.0, "flow": "gravity", "material": "upvc"}  # fmt: skip
    if kind == "power_cable":
        return {**COMMON, "cover_m": 1.25, "owner": names.POWER_COMPANY, "voltage_kv": 22.0, "cores": 3,
                "section_mm2": 70.0, "laying": "direct", "outer_diameter_mm": 60.0}  # fmt: skip
    return {**COMMON, "cover_m": 0.4, "owner": names.TELECOMS[1], "medium": "fibre", "laying": "direct",
            "pair_count": 24, "carrier": names.TELECOMS[1], "outer_diameter_mm": 20.0}  # fmt: skip


def is_channel(asset: Asset) -> bool:
    """Whether a host is the canal."""
    return asset.layer == "drainage_channel"


def plant_lines(garden: Garden) -> None:
    """All planted clearances."""
    for left, right, required in TABLE:
        plant_pair(garden, left, right, required)
    plant_conditions(garden)
    plant_oddities(garden)


def plant_pair(garden: Garden, left: str, right: str, required: float) -> None:
    """Of one cell of the table: two conflicts, one exactly at the limit, one 5 mm outside it.

    The new line is of the left class, laid beside a base line of the right class.
    """
    rule = f"qcvn01.horizontal.{left}.{right}"
    layer, values = LAYERS[left], make_line_values(left)
    wide = right == "drain_channel_or_tunnel"
    # The canal and the tunnels are as drawn; everything else is known to two centimetres.
    accuracy = 0.0 if wide else ACCURACY_M
    for clear, why in (
        (round(required * 0.4, 3), ""),
        (round(required - 0.005, 3), ""),
        (round(required + accuracy, 3), "exactly the required distance and the accuracy"),
        (round(required + accuracy + 0.005, 3), "5 mm more than required and the accuracy"),
    ):
        garden.used.difference_update(asset.code for asset in garden.by_layer["drainage_channel"])
        wish = Beside(rule, right, layer, values, required, clear, why=why, host_test=is_channel if wide else None)
        plant_beside(garden, wish)
    if wide:
        garden.used.difference_update(asset.code for asset in garden.by_layer["utility_tunnel"])
        plant_beside(
            garden, Beside(rule, right, layer, values, required, round(required * 0.6, 3), host_test=is_tunnel)
        )


def is_tunnel(asset: Asset) -> bool:
    """Whether a host is a utility tunnel or trench."""
    return asset.layer == "utility_tunnel"


def plant_conditions(garden: Garden) -> None:
    """The rules that ask for more, or less, than the table: two conflicts each, and what just escapes them."""
    head = "qcvn01.horizontal."
    cases: tuple[tuple[str, str, str, int, float, tuple[float, ...]], ...] = (
        ("water_main.foul_sewer", "foul_sewer", "fire", 100, 1.0, (0.4, 0.95)),
        ("domestic_water_foul", "foul_sewer", "distribution", 100, 1.5, (0.8, 1.2)),
        ("domestic_water_foul_dn200", "foul_sewer", "distribution", 200, 3.0, (1.0, 2.0)),
        ("water_mains_dn300", "water_main", "distribution", 300, 0.7, (0.3, 0.6)),
        ("water_mains_dn400", "water_main", "transmission", 400, 1.0, (0.4, 0.8)),
        ("water_mains_over_dn1000", "water_main", "transmission", 1200, 1.5, (0.5, 1.1)),
    )
    for name, host, function, size, required, distances in cases:
        values = make_line_values("water_main", size, function)
        for clear in distances:
            plant_beside(garden, Beside(head + name, host, "water_pipe", values, required, clear, host_test=is_small))
        wish = Beside(head + name, host, "water_pipe", values, required, required + ACCURACY_M, host_test=is_small,
                      why="exactly the required distance and the accuracy")  # fmt: skip
        plant_beside(garden, wish)
    escapes = (
        ("domestic_water_foul_dn200", "foul_sewer", "distribution", 150, 3.0, 2.0, "DN 150: the rule begins at DN 200"),
        ("domestic_water_foul", "foul_sewer", "fire", 100, 1.5, 1.2, "a fire main: the rule is for domestic water"),
        ("water_mains_dn300", "water_main", "distribution", 250, 0.7, 0.6, "DN 250: the rule begins at DN 300"),
    )
    for name, host, function, size, required, clear, why in escapes:
        values = make_line_values("water_main", size, function)
        wish = Beside(head + name, host, "water_pipe", values, required, clear, why=why, host_test=is_small)
        plant_beside(garden, wish)


def is_small(asset: Asset) -> bool:
    """Whether a host is no transmission main, whose own size would bring another rule."""
    # A layer file says that a diameter is a number.
    return (asset.values.get("nominal_diameter_mm") or 0) < 300 or asset.layer == "sewer_pipe"  # type: ignore[operator]


def plant_oddities(garden: Garden) -> None:
    """Angles on both sides of 30 degrees, an abandoned pipe (still in the ground), a removed one (gone)."""
    rule, required = "qcvn01.horizontal.water_main.power_cable", 0.5
    values = make_line_values("water_main")

    for turn, more, why in (
        (25.0, {}, ""),
        (35.0, {}, "at 35 degrees, more than the 30 at which two lines count as side by side"),
        (0.0, {"status": "abandoned"}, ""),
        (0.0, {"status": "removed"}, "removed: it is no longer in the ground"),
        (0.0, {"vertical_position": "surface", "cover_m": None}, "on the surface: it does not lie in the ground"),
    ):
        wish = Beside(rule, "power_cable", "water_pipe", {**values, **more}, required, 0.2, turn, why)
        plant_beside(garden, wish)
