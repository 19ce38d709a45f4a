"""The papers for programs beside the files: manifest.yaml, how to load them, and planted.yaml, what is true of them."""

from collections.abc import Mapping
from pathlib import Path

from second_opinion.coverage import Share, measure_coverage
from second_opinion.services import SERVICES

from samples.assets import Asset
from samples.files import FILES
from samples.planting import Garden, Reached, Truth, to_row
from samples.writing import SYSTEMS

GUESSED = frozenset({"no_prj", "tm3_wrong_datum"})  # systems an import only guesses, so that they are named
LONGEST_LIST = 1500  # unserved buildings named one by one; longer lists are given by their number alone


def write_manifest(folder: Path, by_layer: Mapping[str, list[Asset]]) -> None:
    """The machine-readable list: file, layer, features, and the options a surveyor gives with it."""
    lines = ["# How `gis-infra samples load` imports each file. Written by data/make_samples.py.", "files:"]
    for sample in FILES:
        lines += [
            f"  - file: {sample.path}",
            f"    layer: {sample.layer}",
            f"    features: {len(by_layer[sample.layer])}",
        ]
        if sample.style.system in GUESSED:
            lines.append(f"    crs: EPSG:{SYSTEMS[sample.style.system].srid}")
        if sample.style.encoding != "UTF-8":
            lines.append(f"    encoding: {sample.style.encoding}")
        if sample.odd:
            lines.append(f"    map: {{{', '.join(f'{theirs}: {ours}' for theirs, ours in sample.odd.items())}}}")
    (folder / "manifest.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_planted(folder: Path, garden: Garden) -> dict[str, dict[str, Share]]:
    """The machine-readable truths; returns the coverage by service and method, which the README tells too."""
    coverage = measure_coverage([to_row(asset) for asset in (*garden.assets, *garden.planted)])
    lines = [
        "# What is planted in the sample files. Written by data/make_samples.py; tests hold the program to it.",
        "conflicts:",
    ]
    lines += [render_truth(truth) for truth in garden.conflicts]
    lines += ["", "# Nearly a conflict, and none: the rule must not report the pair.", "near_misses:"]
    lines += [render_truth(truth) for truth in garden.near_misses]
    lines += ["", "# Buildings that one facility decides about, and whether it serves them.", "reached:"]
    lines += [render_reached(each) for each in garden.reached]
    lines += ["", "# Whom every service reaches by each of its methods, its own first.", "coverage:"]
    for service, shares in coverage.items():
        lines.append(f"  {service}:")
        for method, share in shares.items():
            lines += render_share(service, method, share)
    (folder / "planted.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return coverage


def render_truth(truth: Truth) -> str:
    """One truth on one line of YAML."""
    right = "null" if truth.right is None else render_side(truth.right)
    why = f', why: "{truth.why}"' if truth.why else ""
    metres = "null" if truth.distance_m is None else f"{round(truth.distance_m, 3):g}"
    severity = "" if truth.why else f", severity: {truth.severity}"
    return (
        f"  - {{rule: {truth.rule}, left: {render_side(truth.left)}, right: {right}, "
        f"required_m: {truth.required_m:g}, distance_m: {metres}{severity}{why}}}"
    )


def render_side(side: tuple[str, str]) -> str:
    """One side of a pair."""
    return f"{{layer: {side[0]}, code: {side[1]}}}"


def render_reached(each: Reached) -> str:
    """One facility and the building it decides about."""
    metres = "null" if each.distance_m is None else f"{each.distance_m:.3f}"
    return (
        f"  - {{service: {each.service}, facility: {render_side(each.facility)}, building: {each.building}, "
        f'served: {str(each.served).lower()}, distance_m: {metres}, why: "{each.why}"}}'
    )


def render_share(service: str, method: str, share: Share) -> list[str]:
    """One service by one method: the city, the wards, the buildings it does not reach, or those it does."""
    distance = SERVICES[service].distance_m
    lines = [
        f"    {method}:",
        f"      distance_m: {'null' if distance is None else f'{distance:g}'}",
        f"      city: {render_counts(share.city)}",
        "      wards:",
    ]
    lines += [f'        "{code}": {render_counts(counts)}' for code, counts in sorted(share.wards.items())]
    for name, codes in (("unserved", share.unserved), ("served", share.served)):
        if len(codes) <= LONGEST_LIST:
            lines.append(f"      {name}_building_codes: [{', '.join(codes)}]")
    return lines


def render_counts(counts: Mapping[str, int]) -> str:
    """The four numbers of an area."""
    names = ("people", "people_served", "places", "places_served")
    return "{" + ", ".join(f"{name}: {counts[name]}" for name in names) + "}"
