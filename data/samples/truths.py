"""The papers for programs beside the files: manifest.yaml, how to load them, and planted.yaml, what is true of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from second_opinion.coverage import Ground, Load, Share, measure_coverage
from second_opinion.demands import Reckoning, measure_demands
from second_opinion.gaps import OUTLINED, Gaps, list_corners, measure_gaps
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
    ground = Ground([to_row(asset) for asset in (*garden.assets, *garden.planted)])
    coverage = measure_coverage(ground)
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
    lines += ["", "# The same of whom else a service may be asked for; of areas the share within reach. Of `area` m2."]
    lines += render_demands(measure_demands(ground))
    lines += ["", "# The worst parts of wards out of reach, with the middle of each; of one the corners. EPSG:9210."]
    lines += render_gaps(measure_gaps(ground))
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
    return lines + ([] if share.load is None else render_load(share.load))


def render_load(load: Load) -> list[str]:
    """Who goes where when facilities are full."""
    by_ward = {f'"{ward}"': number for ward, number in sorted(load.unassigned.items()) if ward}
    return [
        f"      people_unassigned: {load.unassigned['']}",
        f"      people_unassigned_by_ward: {render_counts(by_ward)}",
        f"      people_by_facility: {render_counts(dict(sorted(load.taken.items())))}",
        f"      people_served_of_buildings_shared: {render_counts(dict(sorted(load.partly.items())))}",
    ]


def render_counts(counts: Mapping[str, float]) -> str:
    """Numbers by name."""
    return "{" + ", ".join(f"{name}: {render_number(number)}" for name, number in counts.items()) + "}"


def render_number(number: float) -> str:
    """A number to the millionth; a whole one without decimals."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def render_demands(found: Mapping[str, Mapping[str, Mapping[str, Reckoning]]]) -> Iterator[str]:
    """Whom some services reach of every other demand."""
    yield "demands:"
    for service, by_method in found.items():
        yield f"  {service}:"
        for method, demands in by_method.items():
            yield f"    {method}:"
            for demand, reckoning in demands.items():
                yield f"      {demand}:"
                yield f"        city: {render_counts(reckoning.city)}"
                yield "        wards:"
                for code, counts in sorted(reckoning.wards.items()):
                    yield f'          "{code}": {render_counts(counts)}'


def render_gaps(found: Mapping[tuple[str, str], Gaps]) -> Iterator[str]:
    """The worst gaps of some services."""
    yield "gaps:"
    for (service, method), gaps in found.items():
        yield f"  {service}:"
        yield f"    method: {method}"
        yield f"    number: {gaps.number}"
        yield "    worst:"
        for gap in gaps.worst:
            middle = gap.shape.centroid
            yield (
                f'      - {{ward: "{gap.ward}", people: {render_number(gap.people)}, places: {gap.places}, '
                f"area_m2: {gap.shape.area:.3f}, centroid: [{middle.x:.4f}, {middle.y:.4f}]}}"
            )
        if (service, method) == OUTLINED:
            yield "    rings_of_the_worst:"
            for ring in list_corners(gaps.worst[0].shape):
                yield f"      - [{', '.join(f'[{x:.4f}, {y:.4f}]' for x, y in ring)}]"
