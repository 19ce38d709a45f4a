"""What the generator hands on: one asset of one layer, with the values of the layer's own field names."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from shapely.geometry.base import BaseGeometry

from samples import names

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
    methods = {"a": "total_station", "b1": "gpr", "b2": "em_locator", "b3": "em_locator", "c": "gnss", "d": "records"}
    accuracy = {"a": 0.05, "b1": 0.15, "b2": 0.25, "b3": 0.5, "c": 1.0, "d": 2.0}
    return {
        "quality_level": level,
        "horizontal_accuracy_m": accuracy[level],
        "survey_method": methods[level],
        "survey_date": draw_date(random, 2016, 2025),
        "surveyor": random.choice(names.SURVEYORS),
    }
