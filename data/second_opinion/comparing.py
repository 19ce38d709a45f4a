"""What the files hold against what planted.yaml says."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from shapely import Polygon

from second_opinion.conflicts import find_conflicts
from second_opinion.coverage import Ground, Share, measure_coverage
from second_opinion.demands import Reckoning, measure_demands
from second_opinion.gaps import OUTLINED, Gaps, list_corners, measure_gaps
from second_opinion.reading import read_rows
from second_opinion.rows import Finding

Key = tuple[str, ...]
SAME_M = 0.0006  # planted.yaml is rounded to the millimetre
ROUNDED = 1e-6  # and numbers to the millionth
SAME_SHARE = 1e-6  # of people by area, and of areas
SAME_EDGE_M = 0.001
BACKGROUND = Path(__file__).with_name("background.yaml")
HEAD = """# What is found in the sample besides what is planted: how many of each rule and severity. Heights that cannot
# be compared, since sewers were levelled and of everything else only the depth is known. Counted by the second opinion:
# python data/check_samples.py --count"""


def compare(folder: Path) -> list[str]:
    """Every difference in words; empty if there is none."""
    rows = list(read_rows(folder))
    planted = read_planted(folder)
    differences = compare_conflicts(find_conflicts(rows), planted)
    ground = Ground(rows)
    differences += compare_coverage(measure_coverage(ground), planted)
    differences += compare_demands(measure_demands(ground), planted["demands"])
    return differences + compare_gaps(measure_gaps(ground), planted["gaps"])


def read_planted(folder: Path) -> dict[str, Any]:
    """What is planted, and as `background` how many findings of each rule and severity there are besides."""
    load = YAML(typ="safe").load
    return {**load(folder / "planted.yaml"), "background": load(BACKGROUND) or {}}


def write_background(folder: Path) -> None:
    """Count what the second opinion finds besides what is planted, and keep the numbers."""
    planted = YAML(typ="safe").load(folder / "planted.yaml")
    _, besides = part(find_conflicts(list(read_rows(folder))), planted)
    lines = [f"{rule}: {{{', '.join(f'{each}: {n}' for each, n in sorted(told.items()))}}}"
             for rule, told in sorted(besides.items())]  # fmt: skip
    BACKGROUND.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8", newline="\n")


def part(found: list[Finding], planted: Mapping[str, Any]) -> tuple[dict[Key, Finding], dict[str, Counter[str]]]:
    """The first finding of each that is planted, and how many there are besides: rule -> severity -> number."""
    here: dict[Key, Finding] = {}
    besides: dict[str, Counter[str]] = defaultdict(Counter)
    there = {read_key(entry) for entry in planted["conflicts"]}
    for each in found:
        key = get_key(each)
        if key in there and key not in here:
            here[key] = each
        else:
            besides[each.rule][each.severity] += 1
    return here, besides


def compare_conflicts(found: list[Finding], planted: Mapping[str, Any]) -> list[str]:
    """What was planted and not found or is told otherwise; near misses found; other numbers of what is besides."""
    here, besides = part(found, planted)
    there = {read_key(entry): entry for entry in planted["conflicts"]}
    missed = {read_key(entry) for entry in planted["near_misses"]} & {get_key(each) for each in found}
    differences = [f"found, but a near miss: {' '.join(key)}" for key in sorted(missed)]
    differences += [f"planted, not found: {' '.join(key)}" for key in sorted(there.keys() - here.keys())]
    for key, each in sorted(here.items()):
        if not is_same(each, there[key]):
            differences.append(f"{' '.join(key)}: {each.severity} at {each.distance_m} m, planted {there[key]}")
    for rule in sorted(besides.keys() | planted["background"].keys()):
        told = planted["background"].get(rule, {})
        if besides[rule] != told:
            differences.append(f"{rule}: besides what is planted {dict(besides[rule])}, not {told}")
    return differences


def is_same(found: Finding, planted: Mapping[str, Any]) -> bool:
    """Whether severity and distance are those planted."""
    if found.severity != planted["severity"]:
        return False
    if found.distance_m is None or planted["distance_m"] is None:
        return found.distance_m is planted["distance_m"]
    return abs(found.distance_m - planted["distance_m"]) <= SAME_M


def get_key(finding: Finding) -> Key:
    """The rule and both sides of a finding."""
    return (finding.rule, *finding.left, *(finding.right or ()))


def read_key(entry: dict[str, Any]) -> Key:
    """The rule and both sides of an entry of planted.yaml."""
    sides = [entry["left"], *([entry["right"]] if entry["right"] else [])]
    return (entry["rule"], *(side[name] for side in sides for name in ("layer", "code")))


def compare_coverage(found: Mapping[str, Mapping[str, Share]], planted: Mapping[str, Any]) -> list[str]:
    """What differs of every service by every method, and buildings that one facility was to decide about."""
    differences = [] if found.keys() == planted["coverage"].keys() else ["other services than planted"]
    for service, shares in found.items():
        told = planted["coverage"].get(service, {})
        differences += [] if shares.keys() == told.keys() else [f"{service}: by {list(shares)}, planted {list(told)}"]
        for method in shares.keys() & told.keys():
            differences += compare_share(f"{service} {method}", shares[method], told[method])
    for entry in planted["reached"]:
        share = next(iter(found[entry["service"]].values()))
        if (entry["building"] in share.served) != entry["served"]:
            differences.append(f"{entry['building']} by {entry['facility']['code']}: {entry['why']}, found otherwise")
    return differences


def compare_share(name: str, share: Share, planted: Mapping[str, Any]) -> list[str]:
    """Counts that differ, and buildings on one list only."""
    differences = compare_counts(name, share.city, planted["city"])
    for ward in share.wards.keys() | planted["wards"].keys():
        differences += compare_counts(f"{name} {ward}", share.wards.get(ward, {}), planted["wards"].get(ward, {}))
    if share.load is not None:
        wards = {ward: number for ward, number in share.load.unassigned.items() if ward}
        told = planted["people_unassigned_by_ward"] | {"": planted["people_unassigned"]}
        differences += compare_counts(f"{name} unassigned", {**wards, "": share.load.unassigned[""]}, told)
        differences += compare_counts(f"{name} taken", share.load.taken, planted["people_by_facility"])
        partly = planted["people_served_of_buildings_shared"]
        differences += compare_counts(f"{name} shared", share.load.partly, partly)
    for kind, codes in (("served", share.served), ("unserved", share.unserved)):
        told = planted.get(f"{kind}_building_codes", codes)
        differences += [f"{name}: {code} on one list of {kind} only" for code in sorted({*codes} ^ {*told})]
    return differences


def compare_counts(name: str, found: Mapping[str, float], planted: Mapping[str, float]) -> list[str]:
    """Numbers that differ by more than what was rounded, and numbers on one side only."""
    if found.keys() == planted.keys() and all(abs(found[key] - planted[key]) <= ROUNDED for key in found):
        return []
    return [f"{name}: {dict(found)}, planted {dict(planted)}"]


def compare_demands(
    found: Mapping[str, Mapping[str, Mapping[str, Reckoning]]], planted: Mapping[str, Any]
) -> list[str]:
    """What differs of other demands."""
    differences = []
    for service, by_method in found.items():
        for method, demands in by_method.items():
            told = planted[service][method]
            differences += [] if demands.keys() == told.keys() else [f"{service} {method}: of other demands"]
            for demand in demands.keys() & told.keys():
                name = f"{service} {method} {demand}"
                differences += compare_reckoning(name, demands[demand], told[demand])
    return differences


def compare_reckoning(name: str, found: Reckoning, planted: Mapping[str, Any]) -> list[str]:
    """What differs of one demand. Areas come out of the files a little other than they went in: a tenth of a
    millimetre along every edge."""
    both = {"city": (found.city, planted["city"])}
    for ward in found.wards.keys() | planted["wards"].keys():
        both[ward] = (found.wards.get(ward, {}), planted["wards"].get(ward, {}))
    return [
        f"{name} {where}: {here}, planted {there}"
        for where, (here, there) in both.items()
        if here.keys() != there.keys()
        or any(abs(here[key] - there[key]) > SAME_SHARE * max(1.0, there[key]) for key in here)
    ]


def compare_gaps(found: Mapping[tuple[str, str], Gaps], planted: Mapping[str, Any]) -> list[str]:
    """What differs of gaps: how many, whom they leave unserved, and where they are to a millimetre."""
    differences = []
    for (service, method), gaps in found.items():
        told = planted[service]
        if (method, gaps.number, len(gaps.worst)) != (told["method"], told["number"], len(told["worst"])):
            differences.append(f"{service}: {gaps.number} gaps by {method}, planted {told['number']}")
            continue
        for rank, (gap, entry) in enumerate(zip(gaps.worst, told["worst"], strict=True), 1):
            middle, slack = gap.shape.centroid, gap.shape.length * SAME_EDGE_M
            here = (gap.ward, gap.people, gap.places)
            apart = math.dist((middle.x, middle.y), entry["centroid"])
            if (
                here != (entry["ward"], entry["people"], entry["places"])
                or abs(gap.shape.area - entry["area_m2"]) > slack
                or apart > SAME_EDGE_M
            ):
                differences.append(f"{service}: gap {rank} is {here} {gap.shape.area:.3f} m2, planted {entry}")
        if (service, method) == OUTLINED:
            differences += compare_rings(service, list_corners(gaps.worst[0].shape), told["rings_of_the_worst"])
    return differences


def compare_rings(service: str, found: list[list[tuple[float, float]]], planted: list[Any]) -> list[str]:
    """Whether the outline of a gap is the one planted, to a millimetre."""
    here, there = (Polygon(rings[0], rings[1:]) for rings in (found, planted))
    apart = here.hausdorff_distance(there)
    return [] if apart <= SAME_EDGE_M else [f"{service}: the outline of the worst gap is {apart:.4f} m off"]
