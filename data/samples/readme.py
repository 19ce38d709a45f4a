"""README.md beside the sample files: what they are, how they are written, what is planted in them."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from second_opinion.coverage import Share
from second_opinion.services import SERVICES

from samples import names
from samples.assets import ACCURACY_M, Asset
from samples.files import FILES, SampleFile
from samples.planting import Garden, Truth

SYSTEM_WORDS = {
    "tm3_105_45": "VN-2000 / TM-3 105°45' (EPSG:9210) under an ESRI name, no authority",
    "tm3_107_45": "VN-2000 / TM-3 107°45' (EPSG:5899), ESRI name, no authority",
    "tm3_wrong_datum": "`.prj` says datum WGS 84, the coordinates are EPSG:9210",
    "utm_48n": "WGS 84 / UTM 48N (EPSG:32648)",
    "degrees": "longitude/latitude, WGS 84 (EPSG:4326)",
    "no_prj": "no `.prj`; the coordinates are EPSG:9210",
}
LEVELS = {
    "sewer_pipe": "invert level at every vertex, Hòn Dấu, m",
    "manhole": "level of the cover, Hòn Dấu, m",
    "telecom_chamber": "level of the cover, Hòn Dấu, m",
}
KINDS = (
    ("qcvn01.horizontal.", "Clearances side by side (QCVN 01:2019/BXD)", "Measured from outer wall to outer wall."),
    (
        "qcvn01.vertical.",
        "Clearances at crossings (QCVN 01:2019/BXD)",
        "From the bottom of the upper to the top of the lower; none where a level meets a depth.",
    ),
    ("vn_cover.", "Cover", "Found is the cover the file gives."),
    ("vn_power.", "Corridors of overhead lines and open substations", "Measured to the nearest wall of the building."),
    ("vn_environment.", "Banks and environmental distances", "Measured to the nearest wall of the building."),
    ("works.", "Works against works, and in new streets", "The distance of the areas."),
    ("overbuild.", "Built over", "Less the length of the main that lies below."),
    ("data.", "Contradictions in the data", "What `docs/conflicts.md` has as the measure of each."),
)
HEAD = """# The sample quarter

A quarter of about 2 × 2 km around E 603000, N 1191500 (EPSG:9210), as a city would hand it over: {features:,} features
of all {layers} layers in {files} shapefiles from seven departments that agree on nothing. **All of it is invented**:
streets bear real names of Ho Chi Minh City in places they do not have, the companies do not exist, the wards are none.

`gis-infra samples load --if-empty` loads it, with the options in `manifest.yaml`; `script/server` does so by itself
when the database is empty. `python data/make_samples.py` makes all of this folder anew, the same to the byte.
`python data/check_samples.py` reads it back and compares it with `planted.yaml` by a second, slow method.

## What a newcomer can see

Two avenues each way, collectors, streets, lanes and alleys (hẻm); a canal with three bridges and a road on each bank;
six wards; blocks of tube houses, villas, offices, apartments and schools, parks with a lake. Under the streets: water
mains, combined sewers in the old west, foul and storm sewers in the new east, which fall to two pump stations and
{outfalls} outfalls; power cables and overhead lines, telecom ducts; and here and there something that is wrong.

Every line keeps the clear distances of QCVN 01:2019 to every other, except where it is planted not to. Levels are
metres above Hòn Dấu. Z is there where levels were surveyed; elsewhere the shapes are flat. House connections are known
in the south only; the pipes from inlets to sewers are in no file.

## The files

Columns are at most ten letters, Vietnamese without marks or English; code lists are in codes or in Vietnamese words.
Text in TCVN3, VNI and CP1258 has neither a `.cpg` nor a language driver that says so. The drainage company writes dates
as text, day first.

| file | layer | features | coordinate system | encoding | Z |
|---|---|---:|---|---|---|"""
CONFLICTS = """
## Planted conflicts

{count} in all, of {rules} rules. What was added for them has a `P` in its code. Metres are exact to the millimetre. The
same, for programs: `planted.yaml`.

Whatever was surveyed claims an accuracy of {accuracy} m, so that what is short of a distance by less is only possible.
Besides these there is no violation, nothing possible and no chance. Heights are unknown at many crossings that nobody
planted: sewers were levelled, the foul ones above Hòn Dấu, the storm drains above a datum nobody wrote down, and of
everything else only the depth is known. How many that are, rule by rule, was counted by the second opinion and stands
in `data/second_opinion/background.yaml`."""
NEAR_MISSES = """
## Near misses: {count}

Nearly conflicts of the rule named, and none. Also none: the cables, the duct and the water pipe inside the utility
tunnel and the trench, which lie closer together than the ground allows, and aerial cables on power poles."""
COVERAGE = """
## Coverage

A building is reached when the middle of its area is, as `docs/coverage.md` has it, by the method of the service. Round
one place hydrants are missing or out of order, in the north-west transformers are missing, in the south-east a post
office is only planned and a corner drains into no catchment; water connections are recorded in the south only, and in
the south-west one block in three is joined to no sewer. Monitoring stations reach everybody. Which buildings are
reached or not, by every method a service has, stands in `planted.yaml`, and so does whom some services reach of every
other demand (people spread over floors, cells and wards, buildings, parcels, area), and the worst gaps as shapes: of
the land without a catchment every corner to a millimetre. A post office of `post_office_load` takes 8,000 people: who
is turned away stands there too. No mast has 3G but those planted."""
REACHED = """
### Decided by a hair: {count}

What was added for them has a `P` in its code; two fire stations have their own reach for it, and post offices that are
full decide by who lives nearest."""
REACHED_TABLE = """
| service | facility | building | m | |
|---|---|---|---:|---|"""
TABLE = """
| rule | left | right | required m | found m | |
|---|---|---|---:|---:|---|"""


def write_readme(
    folder: Path, by_layer: Mapping[str, list[Asset]], garden: Garden, coverage: Mapping[str, Mapping[str, Share]]
) -> None:
    """Write the paper for people."""
    features = sum(len(assets) for assets in by_layer.values())
    numbers = {"features": features, "layers": len(by_layer), "files": len(FILES)}
    lines = [HEAD.format(**numbers, outfalls=len(by_layer["outfall"]))]
    lines += [describe_file(sample, len(by_layer[sample.layer])) for sample in FILES]
    lines += tell_of_conflicts(garden)
    lines += tell_of_near_misses(garden)
    lines += tell_of_coverage(coverage, garden)
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def describe_file(sample: SampleFile, count: int) -> str:
    """One row of the table of files."""
    encoding = "UTF-8, `.cpg`" if sample.style.encoding == "UTF-8" else f"{sample.style.encoding}, no `.cpg`"
    words = SYSTEM_WORDS[sample.style.system]
    level = LEVELS.get(sample.layer, "–")
    return f"| `{sample.path}` | {sample.layer} | {count:,} | {words} | {encoding} | {level} |"


def tell_of_conflicts(garden: Garden) -> Iterator[str]:
    """The planted conflicts, kind by kind."""
    rules = {truth.rule for truth in garden.conflicts}
    yield CONFLICTS.format(count=len(garden.conflicts), rules=len(rules), accuracy=ACCURACY_M)
    for head, title, measure in KINDS:
        chosen = [truth for truth in garden.conflicts if truth.rule.startswith(head)]
        yield f"\n### {title}: {len(chosen)}\n\n{measure}"
        yield TABLE
        yield from map(describe_truth, chosen)


def describe_truth(truth: Truth) -> str:
    """One row of a table of truths."""
    right = f"{truth.right[0]} {truth.right[1]}" if truth.right is not None else "–"
    sides = f"{truth.rule} | {truth.left[0]} {truth.left[1]} | {right}"
    metres = "–" if truth.distance_m is None else f"{truth.distance_m:.3f}"
    answer = "" if truth.why else truth.severity.replace("_", " ")
    return f"| {sides} | {truth.required_m:.1f} | {metres} | {answer} |"


def tell_of_near_misses(garden: Garden) -> Iterator[str]:
    """What is nearly a conflict, grouped by the reason."""
    yield NEAR_MISSES.format(count=len(garden.near_misses))
    ordered = sorted(garden.near_misses, key=lambda truth: truth.why)
    for why, group in groupby(ordered, key=lambda truth: truth.why):
        yield f"\n### Because: {why}"
        yield TABLE
        yield from map(describe_truth, group)


def tell_of_coverage(coverage: Mapping[str, Mapping[str, Share]], garden: Garden) -> Iterator[str]:
    """Whom each service reaches, by ward, and what was planted about it."""
    wards = dict(names.WARDS)
    yield COVERAGE
    for service, shares in coverage.items():
        distance = describe_reach(service)
        for method, share in shares.items():
            title = f"{service}, {method.replace('_', ' ')}{distance}"
            yield f"\n### {title}: {len(share.unserved):,} buildings not reached\n"
            yield "| ward | buildings | reached | people | reached |"
            yield "|---|---:|---:|---:|---:|"
            for code, counts in sorted(share.wards.items()):
                yield describe_counts(f"{code} {wards[code]}", counts)
            yield describe_counts("**city**", share.city)
    yield REACHED.format(count=len(garden.reached))
    yield REACHED_TABLE
    for each in garden.reached:
        metres = "–" if each.distance_m is None else f"{each.distance_m:.3f}"
        answer = f"{'served' if each.served else 'not served'}: {each.why}"
        yield f"| {each.service} | {each.facility[0]} {each.facility[1]} | {each.building} | {metres} | {answer} |"


def describe_reach(service: str) -> str:
    """How far a service reaches, in words."""
    said = SERVICES[service]
    own = " or each its own" if said.reach else ""
    return "" if said.distance_m is None else f", {said.distance_m:g} m{own}"


def describe_counts(title: str, counts: Mapping[str, int]) -> str:
    """One row of a table of coverage."""
    numbers = [counts[name] for name in ("places", "places_served", "people", "people_served")]
    return f"| {title} | " + " | ".join(f"{number:,}" for number in numbers) + " |"
