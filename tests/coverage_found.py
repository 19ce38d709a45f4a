"""A made run of coverage as JSON holds it, for tests of what is drawn and written of it: a grid of wards, hydrants."""

import math

from shapely import Point, Polygon, transform
from shapely.geometry import mapping

from gis_infra.spatial import crs

EAST, NORTH, SIDE_M = 603000, 1191500, 2000
SHARES = (0.31, 0.52, 0.81, 0.9, 0.96, 1.0, 0.0, None, 0.9997)
NAMES = ("Bến Nghé", "Bến Thành", "Cô Giang", "Cầu Kho", "Đa Kao", "Tân Định", "Phạm Ngũ Lão", "Hồ", "Nguyễn Cư Trinh")
TARGET = {
    "indicator": "people_share", "title": {"vi": "Dân số được phục vụ", "en": "People served"}, "least": 0.95,
    "most": None, "source": "QĐ 861/QĐ-BXD", "clause": "mục 2", "verified": False,
}  # fmt: skip


def to_lonlat(shape):
    transformer = crs.get_transformer(9210, crs.WGS84)
    return mapping(transform(shape, transformer.transform, interleaved=False))


def make_figures(people, share, **more):
    served = None if share is None else people * share
    found = {
        "scope": "unit", "code": None, "name": None, "people": people, "people_served": served or 0.0,
        "people_share": share, "places": people / 10, "places_served": (served or 0.0) / 10, "places_share": share,
        "area_m2": 4e6, "area_served_m2": 4e6 * (share or 0), "area_share": share or 0.0, "facilities": 3,
        "people_per_facility": people / 3, "mean_radius_m": 651.5, "amount_per_person": None, "unassigned": 0.0,
        "distance_mean": 92.5, "distance_median": 80.0, "distance_p90": 210.0, "distance_max": 812.25,
        "distance_unit": "m", "classes": make_classes(),
        "targets": [{**TARGET, "found": share, "answer": to_answer(share)}],
    }  # fmt: skip
    return {**found, **more}


def to_answer(share):
    if share is None:
        return "not_known"
    return "met" if share >= 0.95 else "missed"


def make_classes():
    """Ten classes up to twice the reach of 150 m, and what is beyond."""
    counts = (120.0, 900, 1400, 1100, 700, 300, 150, 90, 40, 12, 33)
    edges = [30 * at for at in range(11)]
    ends = [*edges[1:], None]
    return [{"from": a, "to": b, "people": n, "places": n / 10} for a, b, n in zip(edges, ends, counts, strict=True)]


def make_feature(shape, **properties):
    return {"type": "Feature", "geometry": to_lonlat(shape) if shape is not None else None, "properties": properties}


def collect(features, **more):
    return {"type": "FeatureCollection", "features": features, "numberMatched": len(features), **more}


def make_ward(at):
    east, north = EAST + (at % 3) * SIDE_M, NORTH + (at // 3) * SIDE_M
    ring = [(0, 0), (0.5, 0.08 * math.sin(at)), (1, 0), (1, 1), (0.4, 0.9), (0, 1)]
    return Polygon([(east + x * SIDE_M, north + y * SIDE_M) for x, y in ring])


def make_found(**changes):
    """A run with everything in it. changes: parts of the value put in the place of what there is."""
    wards = [make_ward(at) for at in range(len(SHARES))]
    spots = [Point(EAST + 700 * x + 350, NORTH + 800 * y + 300) for x in range(8) for y in range(7)]
    reach = spots[0].buffer(450)
    for spot in spots[1:40]:
        reach = reach.union(spot.buffer(450))
    gaps = [ward.difference(reach) for ward in wards]
    units = [
        make_feature(ward, **make_figures(1000.0 * (at + 1), share, code=f"267{at:02}", name=NAMES[at]))
        for at, (ward, share) in enumerate(zip(wards, SHARES, strict=True))
    ]
    units.append(make_feature(None, **make_figures(12.0, 0.5, scope="outside")))
    facilities = [
        make_feature(spot, id=at + 1, code=f"TCC-{at}", name=None, state=("kept", "drawn")[at // 54],
                     reach=150.0, capacity=None, unit="26700", people=1000.0 - at, places=100.0 - at)
        for at, spot in enumerate(spots)
    ]  # fmt: skip
    found = {
        "service": {
            "id": "fire_hydrant", "title": {"vi": "Trụ nước chữa cháy", "en": "Fire hydrants"}, "sector": "water",
            "layer": "fire_hydrant", "source": "TCVN 2622:1995 <quoted>", "clause": "10.9", "legal_basis": "TCVN",
            "verified": False,
        },
        "run": {
            "id": 17, "service": "fire_hydrant", "title": "", "official": True, "period": "half_year",
            "period_title": {"vi": "nửa đầu năm 2026", "en": "first half of 2026"},
            "started_at": "2026-11-23T08:00:00+07:00", "finished_at": "2026-11-23T08:00:03+07:00", "day": "2026-11-23",
            "level": "commune", "level_title": {"vi": "Phường, xã", "en": "Communes"}, "method": "streets",
            "method_title": {"vi": "Theo đường đi", "en": "Along streets"},
            "demand": "residents", "demand_title": {"vi": "Dân số theo nhà", "en": "Residents by building"},
            "distance": {"value": 150.0, "unit": "m"},
            "what_if": {"vi": ["2 cơ sở vẽ thêm"], "en": ["2 facilities drawn"]},
            "told": [{"key": "far", "value": 3, "title": {"vi": "Điểm xa đường", "en": "Places far from streets"}}],
            "data": [{"layer": "building", "title": {"vi": "Nhà", "en": "Buildings"}, "revision": 12, "rows": 4500}],
            "parameters": {"service": {"id": "fire_hydrant", "distance_m": 150.0}, "join_m": 0.5}, "digest": "ab12",
        },
        "main_share": "people_share",
        "city": make_figures(45012.0, 0.8123, scope="city"),
        "units": collect(units),
        "gaps": collect(
            [
                make_feature(gap, rank=at + 1, unit=f"267{at:02}", people=900.0 - at, places=90.0, area_m2=gap.area)
                for at, gap in enumerate(gaps)
            ]
        ),
        "facilities": collect(facilities),
        "sites": collect(
            [make_feature(Point(EAST + 5500, NORTH + 1500 * at + 900), rank=at + 1, gain=500.0 / (at + 1),
                          cumulative=500.0 + 250 * at, name=f"node {at}") for at in range(3)],
            bound=1100.0, share_of_bound=0.87, guaranteed_share=0.632, limited=False,
        ),
        "reach": to_lonlat(reach), "has_places": True,
    }  # fmt: skip
    return {**found, **changes}
