"""The rule files, read plainly: classes, sizes, accuracies and rules, as dictionaries of YAML; nothing is checked."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.database.oracle.assets import Asset, find_metres

AUTHORITIES = ["city", "nation", "generic"]
FOREVER = datetime.date.max


@dataclass(frozen=True)
class Rule:
    """One rule: its id, its pack and everything its entry says, the pack's own words where it is silent."""

    id: str
    pack: str
    said: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return self.said["kind"]

    @property
    def measure(self) -> str:
        return self.said.get("measure", "")

    @property
    def required(self) -> float:
        return float(self.said.get("required_m", 0))

    def is_valid(self, day: datetime.date) -> bool:
        return self.said["valid_from"] <= day <= self.said.get("valid_to", FOREVER)


class Book:
    """Everything the oracle knows of `layers/`."""

    def __init__(self, layers: Path) -> None:
        self.layers = layers
        read = YAML(typ="safe").load
        said = read(layers / "rules" / "classes.yaml")
        self.classes = said["classes"]
        self.sizes, self.heights = said["sizes"], said.get("heights", {})
        self.bores, self.same = said.get("bores", {}), said.get("same", {})
        self.windows, self.surfaces = said.get("windows", {}), said.get("surfaces", {})
        self.container = said.get("containers")
        self.accuracy = read(layers / "rules" / "accuracy.yaml")
        paths = [path for path in layers.glob("*/*.yaml") if path.parent.name not in ("coverage", "rules")]
        self.sectors = {path.stem: path.parent.name for path in paths}
        self.units: dict[str, dict[str, str]] = {}
        mentioned = [layer for each in self.classes.values() for layer in each.get("members") or {}]
        self.order = {layer: place for place, layer in enumerate(dict.fromkeys(mentioned))}

    def read_rules(self, packs: Sequence[str], day: datetime.date) -> list[Rule]:
        """The rules in force, those first that are heard first."""
        rules = [rule for pack in packs for rule in self.read_pack(pack) if rule.is_valid(day)]
        place = {pack: number for number, pack in enumerate(packs)}
        return sorted(
            rules, key=lambda r: (AUTHORITIES.index(r.said["authority"]), place[r.pack], -r.required, r.id)
        )  # fmt: skip

    def read_pack(self, pack: str) -> list[Rule]:
        """The rules of one file, those of its matrices first."""
        said = YAML(typ="safe").load(self.layers / "rules" / f"{pack}.yaml")
        common = {key: value for key, value in said.items() if key not in ("title", "matrices", "rules")}
        rules = []
        for name, matrix in said.get("matrices", {}).items():
            classes = matrix["classes"]
            for row, one in enumerate(classes):
                for column, other in enumerate(classes):
                    metres = matrix["rows"][one][column]
                    if column >= row and metres is not None:
                        entry = {**common, **matrix, "left": one, "right": other, "required_m": metres}
                        rules.append(Rule(f"{pack}.{name}.{one}.{other}", pack, entry))
        rules += [Rule(f"{pack}.{name}", pack, {**common, **entry}) for name, entry in said.get("rules", {}).items()]
        return rules

    def fits(self, side: str | Mapping[str, Any], asset: Asset) -> bool:
        """Whether an asset belongs to a side of a rule: a class, or a class with conditions."""
        if isinstance(side, str):
            return self.is_in_class(side, asset)
        where = side.get("where", {})
        return self.is_in_class(side["class"], asset) and all(holds(asset.get(name), where[name]) for name in where)

    def is_in_class(self, name: str, asset: Asset) -> bool:
        """Whether an asset belongs to a class; found out once of each."""
        known = asset.known.get((self, name))
        if known is None:
            wanted = (self.classes[name].get("members") or {}).get(asset.layer)
            known = wanted is not None and all(holds(asset.get(field), said) for field, said in wanted.items())
            asset.known[self, name] = known
        return known

    def list_layers(self, side: str | Mapping[str, Any]) -> Sequence[str]:
        """The layers whose assets may belong to a side of a rule."""
        return list(self.classes[side if isinstance(side, str) else side["class"]].get("members") or {})

    def find_width(self, asset: Asset) -> float | None:
        return find_metres(self.sizes.get(asset.layer), asset)

    def find_radius(self, asset: Asset) -> float:
        """Half the outer width of a line or a point; 0 where none is recorded, and of an area."""
        return 0.0 if asset.is_area else (self.find_width(asset) or 0.0) / 2

    def find_height(self, asset: Asset) -> float | None:
        height = find_metres(self.heights.get(asset.layer), asset)
        return self.find_width(asset) if height is None else height

    def read_units(self, layer: str) -> Mapping[str, str]:
        """The unit of each attribute of a layer that has one."""
        if layer not in self.units:
            read = YAML(typ="safe").load
            own = read(self.layers / self.sectors[layer] / f"{layer}.yaml")["fields"]
            fields = {**read(self.layers / "universal.yaml"), **own}
            self.units[layer] = {name: entry.get("unit", "") for name, entry in fields.items()}
        return self.units[layer]

    def find_bore(self, asset: Asset) -> float | None:
        return find_metres(self.bores.get(asset.layer), asset)

    def find_accuracy(self, direction: str, *assets: Asset) -> float:
        """The sum of the assets' accuracies, `horizontal` or `vertical`, metres."""
        return sum(self.find_own_accuracy(direction, asset) for asset in assets)

    def find_own_accuracy(self, direction: str, asset: Asset) -> float:
        """What is recorded, else what its quality level gives, else what counts where neither is."""
        metres = asset.get(f"{direction}_accuracy_m")
        if metres is None:
            metres = self.accuracy[direction]["metres"].get(asset.get("quality_level"), self.accuracy["unrecorded_m"])
        return min(metres, self.accuracy["largest_m"])


def holds(value: Any, wanted: Any) -> bool:
    """Whether one attribute satisfies one condition; what is not recorded satisfies `not` and nothing else."""
    if isinstance(wanted, list):
        return value is not None and to_word(value) in map(to_word, wanted)
    tests = {
        "not": lambda said: value is None or to_word(value) not in map(to_word, said),
        "at_least": lambda said: value is not None and value >= said,
        "at_most": lambda said: value is not None and value <= said,
        "over": lambda said: value is not None and value > said,
        "under": lambda said: value is not None and value < said,
    }
    return all(tests[word](said) for word, said in wanted.items())


def to_word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
