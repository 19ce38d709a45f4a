"""What the files hold against what planted.yaml says."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from second_opinion.conflicts import find_conflicts
from second_opinion.coverage import Share, measure_coverage
from second_opinion.reading import read_rows
from second_opinion.rows import Finding

Key = tuple[str, ...]
SAME_M = 0.0006  # planted.yaml is rounded to the millimetre
BACKGROUND = Path(__file__).with_name("background.yaml")
HEAD = """# What is found in the sample besides what is planted: how many of each rule and severity. Heights that cannot
# be compared, since sewers were levelled and of everything else only the depth is known. Counted by the second opinion:
# python data/check_samples.py --count"""


def compare(folder: Path) -> list[str]:
    """Every difference in words; empty if there is none."""
    rows = list(read_rows(folder))
    planted = read_planted(folder)
    differences = compare_conflicts(find_conflicts(rows), planted)
    return differences + compare_coverage(measure_coverage(rows), planted)


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
    differences = [] if share.city == planted["city"] else [f"{name}: {share.city}, planted {planted['city']}"]
    if share.wards != planted["wards"]:
        differences.append(f"{name}: wards {share.wards}, planted {planted['wards']}")
    for kind, codes in (("served", share.served), ("unserved", share.unserved)):
        told = planted.get(f"{kind}_building_codes", codes)
        differences += [f"{name}: {code} on one list of {kind} only" for code in sorted({*codes} ^ {*told})]
    return differences
