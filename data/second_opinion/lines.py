"""Which class of the clearance table a line is of, and how thick it is: what the planting of clearances goes by."""

from second_opinion.rows import Row

LAYER_ORDER = (
    "water_pipe", "sewer_pipe", "power_cable_underground", "telecom_duct", "telecom_cable", "drainage_channel",
    "utility_tunnel",
)  # fmt: skip


def get_class(row: Row) -> str | None:
    """The class of the clearance table a feature belongs to, None if none."""
    value = row.values.get
    if row.layer in ("drainage_channel", "utility_tunnel"):
        return "drain_channel_or_tunnel"
    if row.layer == "telecom_duct" or (row.layer == "telecom_cable" and value("laying") == "direct"):
        return "telecom_cable"
    if value("vertical_position") in ("overhead", "surface"):
        return None
    if row.layer == "water_pipe":
        return "water_main"
    if row.layer == "sewer_pipe":
        return {"foul": "foul_sewer", "combined": "foul_sewer", "storm": "storm_drain"}.get(value("system") or "")
    if row.layer == "power_cable_underground" and value("laying") != "tunnel":
        return "power_cable"
    return None


def get_radius(row: Row) -> float:
    """Half the outer size, metres; 0 where it is not known."""
    names = {
        "water_pipe": ("outer_diameter_mm", "nominal_diameter_mm"),
        "sewer_pipe": ("outer_diameter_mm", "width_mm", "nominal_diameter_mm"),
        "power_cable_underground": ("outer_diameter_mm",),
        "telecom_duct": ("width_mm", "outer_diameter_mm"),
        "telecom_cable": ("outer_diameter_mm",),
    }.get(row.layer, ("width_mm",))
    return next((row.values[name] / 2000 for name in names if row.values.get(name)), 0.0)
