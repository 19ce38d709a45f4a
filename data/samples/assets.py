"""What the generator hands on: one asset of one layer, with the values of the layer's own field names."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from shapely.geometry.base import BaseGeometry

from samples import names

ACCURACY_M = 0.02  # horizontal and vertical, of whatever was surveyed
Value = str | int | float | bool | date | None


@dataclass
class Asset:
    """A feature to be: values by the names of `layers/`; geometry in EPSG:9210, Z only where levels were surveyed."""

    layer: str
    code: str
    geometry: BaseGeometry
    values: dict[str, Value] = field(default_factory=dict)

    def get_values(self) -> dict[str, Value]:
        """Every value, the asset code first."""
        return {"asset_code": self.code, **self.values}


def draw_date(random: Random, first: int, last: int) -> date:
    """A day between the beginning of the year `first` and the end of the year `last`."""
    start = date(first, 1, 1)
    return start + timedelta(days=random.randrange((date(last, 12, 31) - start).days + 1))


def describe_survey(random: Random, level: str) -> dict[str, Value]:
    """Who surveyed, when, how and how well, for a quality level of PAS 128 / MUDDI."""
    # What every department's records claim; a planted asset claims none, so that a pair is as exact as its host.
    claimed: dict[str, Value] = {"horizontal_accuracy_m": ACCURACY_M, "vertical_accuracy_m": ACCURACY_M}
    methods = {"a": "total_station", "b1": "gpr", "b2": "em_locator", "b3": "em_locator", "c": "gnss", "d": "records"}
    return {
        "quality_level": level,
        **claimed,
        "survey_method": methods[level],
        "survey_date": draw_date(random, 2016, 2025),
        "surveyor": random.choice(names.SURVEYORS),
    }
