"""Where in the cross-section of a street each network lies: metres left (+) or right (-) of the axis.

The places are chosen so that the clear distances of QCVN 01:2019 hold for the largest pipes the generator lays, the
3.0 m between a water main of DN 200 and more and a foul sewer among them.
"""

from samples.streets import Street

CARRIAGEWAYS = {"avenue": 19.0, "collector": 12.0, "street": 10.0, "lane": 8.4}
ALLEY_NETWORKS = {"foul": (0.7,), "water": (-1.6,), "low_voltage_overhead": (1.2,)}


def get_carriageway(street: Street) -> float:
    """The width between the kerbs, metres; an alley has no footway."""
    return CARRIAGEWAYS.get(street.kind, 2 * street.half)


def get_offsets(street: Street, network: str) -> tuple[float, ...]:
    """Where the lines of a network run along this street; empty if the section has no place for it."""
    if network == "axis":
        return (0.0,)
    if street.kind == "alley":
        return ALLEY_NETWORKS.get(network, ())
    half = street.half
    wide = street.kind == "avenue"
    section: dict[str, tuple[float, ...]] = {
        "foul": (-1.0,) if wide else (-0.5,),
        "storm": (8.5, -8.5) if wide else (half - 5.5,),
        "water": (half - 4.0, 3.8 - half) if wide else (2.8 - half,),
        "transmission": (4.0,) if wide else (),
        "duct": (half - 0.7,),
        "medium_voltage": (half - 2.1,),
        "low_voltage": (half - 2.5, 1.7 - half),
        "access_cable": (0.8 - half,),
        "tree": (half - 5.0, 5.0 - half) if wide else (half - 3.7, 3.7 - half),
        "kerb": (get_carriageway(street) / 2 + 0.4, -get_carriageway(street) / 2 - 0.4),
        "gutter": (get_carriageway(street) / 2 - 0.3, 0.3 - get_carriageway(street) / 2),
    }
    return section.get(network, ())
