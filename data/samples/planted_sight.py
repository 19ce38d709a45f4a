"""The planted edges of coverage by sectors: masts and cameras that look, look past, or have a house before them."""

from dataclasses import dataclass, replace

from second_opinion.coverage import describe
from second_opinion.services import CAMERA_TARGET_M, SERVICES, TECHNOLOGIES

from samples import names
from samples.assets import Asset
from samples.planter import EXACTLY, FAILING, JUST_BEYOND, NOTE, TOO_FAR_M, Candidates, Planter, look_round, plant_first
from samples.planting import to_row
from tests.database.coverage_oracle.sight import measure_sight
from tests.database.coverage_oracle.values import Place


def plant_technologies(planter: Planter) -> None:
    """For each technology a mast that has it and reaches a building exactly, and one that has only another."""
    for index, technology in enumerate(TECHNOLOGIES):
        service, other = f"base_station_{technology.lower()}", TECHNOLOGIES[index - 1]
        cases = ((60.0, technology, EXACTLY), (40.0, other, f"only {other}"))
        for metres, sent, why in cases:
            plant_first(planter, service, draw_masts(planter, metres, 0.0, Mast(service, sent, 60.0)), metres, why)


def plant_masts(planter: Planter) -> None:
    """A mast that looks at a building from exactly as far as it reaches, one too far, and one that looks past it."""
    cases = (
        (200.0, 0.0, EXACTLY),
        (200.0 + TOO_FAR_M, 0.0, JUST_BEYOND),
        (150.0, 60.5, "looks past it by half a degree"),
    )
    for metres, aside, why in cases:
        plant_first(planter, "base_station", draw_masts(planter, metres, aside, Mast()), metres, why)


@dataclass(frozen=True)
class Mast:
    """What a planted mast is: for which service, what it has, metres that it reaches."""

    service: str = "base_station"
    technologies: str = "4G"
    radius_m: float = 200.0


def draw_masts(planter: Planter, metres: float, aside: float, said: Mast) -> Candidates:
    """Masts on the ground that look past an unserved building by some degrees."""
    for place in planter.list_unserved(said.service)[:40]:
        for spot, bearing in look_round(place, metres):
            if planter.is_inside(spot) and planter.is_clear(spot, said.radius_m, place):
                yield place, planter.garden.make("base_station", spot, {
                    **NOTE, "owner": names.TELECOMS[0], "kind": "ground_mast", "technologies": said.technologies,
                    "height_m": 30.0, "radius_m": said.radius_m, "azimuth_deg": (bearing + 180.0 + aside) % 360.0,
                })  # fmt: skip


def plant_cameras(planter: Planter) -> None:
    """Cameras that see a building from exactly 100 m, from too far, past it, not over a house, and from above one."""
    cases = (
        (100.0, 0.0, 6.0, EXACTLY), (100.0 + TOO_FAR_M, 0.0, 6.0, JUST_BEYOND),
        (60.0, 45.5, 6.0, "looks past it by half a degree"),
        (60.0, 0.0, 6.0, "behind another house"), (60.0, 0.0, 90.0, "from high above the house between"),
    )  # fmt: skip
    for metres, aside, height, why in cases:
        plant_first(planter, "public_camera", draw_cameras(planter, (metres, aside, height), why), metres, why)


def draw_cameras(planter: Planter, said: tuple[float, float, float], why: str) -> Candidates:
    """Cameras of 90 degrees round an unserved building of which is true what is meant."""
    metres, aside, height = said
    for place in planter.list_unserved("public_camera")[:60]:
        for spot, bearing in look_round(place, metres):
            azimuth = (bearing + 180.0 + aside) % 360.0
            asset = planter.garden.make("public_camera", spot, {
                **NOTE, "owner": names.CITY, "kind": "fixed", "purpose": "security", "direction_deg": azimuth,
                "view_angle_deg": 90.0, "height_m": height, "connected": True,
            })  # fmt: skip
            if not planter.is_inside(spot) or not planter.is_clear(spot, 100.0, place):
                continue
            # Between must stand a house that hides at 6 m for the last two, and none for the others.
            open_way = sees(planter, asset, place, 6.0, turned=azimuth - aside)
            if open_way != (height == 6.0 and not why.startswith("behind")):
                continue
            if metres > 100.0 or sees(planter, asset, place, height) == (not why.startswith(FAILING)):
                yield place, asset


def sees(planter: Planter, asset: Asset, place: Place, height: float, turned: float | None = None) -> bool:
    """Whether a camera would see a building from a height, turned to it or as it is; not asked is how far it is."""
    azimuth = asset.values["direction_deg"] if turned is None else turned
    row = to_row(replace(asset, values={**asset.values, "height_m": height, "direction_deg": azimuth}))
    reach = place.point.distance(asset.geometry) + 1.0
    camera = replace(describe(0, row, SERVICES["public_camera"]), reach=reach)
    near = planter.ground.select(planter.ground.shapes, asset.geometry, reach)
    around = [planter.ground.buildings[each.id] for each in near]
    return bool(measure_sight([place], [camera], around, CAMERA_TARGET_M))
