"""The whole of it in order: city, networks, plants, files, and the three papers that tell of them."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from samples.assets import Asset
from samples.city import City, make_city
from samples.drainage import make_drainage
from samples.environment import make_environment
from samples.files import FILES
from samples.outlets import Outlets
from samples.planted_coverage import plant_coverage
from samples.planted_lines import plant_lines
from samples.planted_places import plant_places
from samples.planted_records import plant_records
from samples.planted_works import plant_works
from samples.planting import Garden
from samples.power import make_power
from samples.readme import write_readme
from samples.services import make_services
from samples.shared import make_shared
from samples.telecom import make_telecom
from samples.truths import write_manifest, write_planted
from samples.water import make_water
from samples.waterways import make_waterways
from samples.works import age_surfaces, make_works
from samples.writing import write_file


def grow() -> tuple[City, Garden]:
    """The city with its base assets, and the garden of what is planted among them."""
    city = make_city()
    outlets = Outlets(city)
    assets: list[Asset] = [
        *make_drainage(city, outlets),
        *make_waterways(city, outlets),
        *make_water(city),
        *make_power(city),
        *make_telecom(city),
        *make_environment(city),
        *make_shared(city),
        *make_works(city),
    ]
    assets += make_services(city, assets)
    age_surfaces(assets)
    garden = Garden(assets)
    plant_lines(garden)
    plant_places(garden, city)
    plant_records(garden, city)
    plant_works(garden, city)
    plant_coverage(garden, city)
    return city, garden


def make(folder: Path) -> Iterator[str]:
    """Write everything into a folder; yields a line for each file."""
    _, garden = grow()
    by_layer: dict[str, list[Asset]] = defaultdict(list)
    for asset in (*garden.assets, *garden.planted):
        by_layer[asset.layer].append(asset)
    for sample in FILES:
        write_file(folder, sample, by_layer[sample.layer])
        yield f"{sample.path}: {len(by_layer[sample.layer])} {sample.layer}"
    write_manifest(folder, by_layer)
    truths = write_planted(folder, garden)
    write_readme(folder, by_layer, garden, truths)
    yield f"{sum(map(len, by_layer.values()))} features"
