"""What the files hold against what planted.yaml says."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from second_opinion.conflicts import find_conflicts
from second_opinion.coverage import Share, measure_coverage
from second_opinion.reading import read_rows
from second_opinion.rows import Finding

Key = tuple[str, ...]
SAME_M = 0.0006  # planted.yaml is rounded to the millimetre


def compare(folder: Path) -> list[str]:
    """Every difference in words; empty if there is none."""
    rows = list(read_rows(folder))
    planted = YAML(typ="safe").load(folder / "planted.yaml")
    differences = compare_conflicts(find_conflicts(rows), planted["conflicts"])
    for service, share in measure_coverage(rows).items():
        differences += compare_share(service, share, planted["coverage"][service])
    return differences


def compare_conflicts(found: list[Finding], planted: list[dict[str, Any]]) -> list[str]:
    """What was found and not planted, planted and not found, or at another distance."""
    here = {get_key(each): each for each in found}
    there = {read_key(entry): entry for entry in planted}
    differences = [f"found, not planted: {' '.join(key)}" for key in sorted(here.keys() - there.keys())]
    differences += [f"planted, not found: {' '.join(key)}" for key in sorted(there.keys() - here.keys())]
    for key in sorted(here.keys() & there.keys()):
        if abs(here[key].distance_m - there[key]["distance_m"]) > SAME_M:
            differences.append(f"{' '.join(key)}: {here[key].distance_m:.4f} m, planted {there[key]['distance_m']} m")
    return differences


def get_key(finding: Finding) -> Key:
    """The rule and both sides of a finding."""
    return (finding.rule, *finding.left, *(finding.right or ()))


def read_key(entry: dict[str, Any]) -> Key:
    """The rule and both sides of an entry of planted.yaml."""
    sides = [entry["left"], *([entry["right"]] if entry["right"] else [])]
    return (entry["rule"], *(side[name] for side in sides for name in ("layer", "code")))


def compare_share(service: str, share: Share, planted: dict[str, Any]) -> list[str]:
    """Counts that differ, and buildings on one list only."""
    differences = [] if share.city == planted["city"] else [f"{service}: {share.city}, planted {planted['city']}"]
    if share.wards != planted["wards"]:
        differences.append(f"{service}: wards {share.wards}, planted {planted['wards']}")
    codes = planted.get("unserved_building_codes", share.unserved)
    differences += [f"{service}: {code} on one list only" for code in sorted(set(codes) ^ set(share.unserved))]
    return differences
