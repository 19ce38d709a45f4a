"""What each service asks, written down again from `layers/coverage/` without reading it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.database.coverage_oracle.streets import Travel

NOT_WORKING = frozenset(
    {"proposed", "under_construction", "out_of_commission", "decommissioned", "abandoned", "removed", "unfit"}
)
NOT_STANDING = frozenset({"proposed", "under_construction", "decommissioned", "abandoned", "removed"})
ON_FOOT = Travel(excluded=frozenset({"motorway"}), snap_m=100.0, walking_kmh=4.5)
HOSE = Travel(excluded=frozenset({"motorway"}), snap_m=100.0, walking_kmh=4.5, direction="from")
DRIVING = Travel(
    excluded=frozenset({"footpath"}), one_way=True, snap_m=100.0, walking_kmh=4.5, direction="from"
)  # fmt: skip
Get = Callable[[str], Any]


@dataclass(frozen=True)
class Service:
    """One service: how it reaches, how far, and which of its rows work (besides their status).

    methods: its own first. reach: the column of its own reach. sector: columns of direction and angle, the angle where
    none is recorded, the eye where no height is, whether buildings hide. capacity: people a facility takes.
    """

    methods: tuple[str, ...]
    distance_m: float | None = None
    reach: str | None = None
    travel: Travel | None = None
    works: Callable[[Get], bool] = lambda get: True
    sector: tuple[str, str | None, float, float, bool] | None = None
    counts_people: bool = True
    layer: str = ""
    capacity: float | None = None


def send(technology: str) -> Service:
    """Mobile stations that have a technology among theirs."""
    return Service(
        ("sector", "straight_line"), 500.0, "radius_m", sector=("azimuth_deg", None, 120.0, 25.0, False),
        works=lambda get: technology in (get("technologies") or "").split(","), layer="base_station",
    )  # fmt: skip


TECHNOLOGIES = ("2G", "3G", "4G", "5G")
SERVICES: Mapping[str, Service] = {
    "fire_hydrant": Service(
        ("streets", "straight_line"), 150.0, travel=HOSE, works=lambda get: get("in_service") is not False
    ),
    "fire_station": Service(
        ("streets", "straight_line"), 3000.0, "service_radius_m", DRIVING,
        lambda get: get("kind") not in ("river", "volunteer"),
    ),
    "post_office": Service(
        ("straight_line", "streets"), 1000.0, travel=ON_FOOT,
        works=lambda get: get("level") not in ("mailbox", "locker"),
    ),
    "post_office_load": Service(
        ("straight_line", "streets"), 1000.0, travel=ON_FOOT,
        works=lambda get: get("level") not in ("mailbox", "locker"), layer="post_office", capacity=8_000.0,
    ),
    "distribution_transformer": Service(("straight_line", "streets"), 300.0, travel=HOSE),
    "base_station": Service(
        ("sector", "straight_line"), 500.0, "radius_m", sector=("azimuth_deg", None, 120.0, 25.0, False)
    ),
    **{f"base_station_{each.lower()}": send(each) for each in TECHNOLOGIES},
    "green_space": Service(
        ("straight_line", "streets"), 500.0, travel=ON_FOOT,
        works=lambda get: get("kind") not in ("street", "special") and get("open_to") not in ("restricted", "special"),
    ),
    "monitoring_station": Service(("straight_line",), 5000.0, works=lambda get: get("medium") == "air"),
    "public_camera": Service(
        ("sector", "straight_line"), 100.0, sector=("direction_deg", "view_angle_deg", 90.0, 6.0, True),
        counts_people=False,
    ),
    "water_connection": Service(("connection",)),
    "sewer_connection": Service(("connection",), works=lambda get: get("system") != "storm"),
    "stormwater_catchment": Service(
        ("zone",), layer="drainage_catchment", works=lambda get: get("system") != "foul"
    ),
}  # fmt: skip
CAMERA_TARGET_M = 1.5
CONNECTED_WITHIN_M = 2.0
