"""The targets of a service: what an indicator should be, asked of the city, of its units, or of both."""

from collections.abc import Mapping
from typing import cast

from gis_infra.analysis.coverage.standards import fields
from gis_infra.analysis.coverage.standards.frame import ORIGIN_KEYS, Frame, parse_origin
from gis_infra.analysis.coverage.standards.kinds import INDICATORS, SCOPES, Indicator, Scope
from gis_infra.analysis.coverage.standards.model import Origin, Step, Target
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Title
from gis_infra.catalogue.documents import Entry

LIMITS = ("least", "most", "by_population")
LARGEST = 1e9


def parse_targets(entry: Entry | None, above: Origin, frame: Frame) -> tuple[Target, ...]:
    """The targets in file order; source and validity are the service's where a target says nothing."""
    items = entries.take_list(entry, "targets", frame.notes) if entry is not None else ()
    return tuple(parse_target(item, above, frame) for item in items)


def parse_target(entry: Entry, above: Origin, frame: Frame) -> Target:
    """One target."""
    notes, optional = frame.notes, (*LIMITS, "scope", "note", *ORIGIN_KEYS)
    pairs = entries.take_mapping(entry, "target", notes, required=("indicator", "title"), optional=optional)
    indicator, scope = INDICATORS[0], SCOPES[0]
    if "indicator" in pairs:
        indicator = cast(Indicator, entries.take_choice(pairs["indicator"], "target: indicator", INDICATORS, notes))
    if "scope" in pairs:
        scope = cast(Scope, entries.take_choice(pairs["scope"], "target: scope", SCOPES, notes))
    highest = 1.0 if indicator.endswith("_share") else LARGEST
    target = Target(
        indicator=indicator,
        title=entries.take_title(pairs["title"], "target: title", notes) if "title" in pairs else Title("", ""),
        origin=parse_origin(pairs, above, frame),
        least=fields.take_amount(pairs.get("least"), "target: least", (0, highest), frame),
        most=fields.take_amount(pairs.get("most"), "target: most", (0, highest), frame),
        by_population=parse_steps(pairs.get("by_population"), frame),
        scope=scope,
        note=entries.take_text(pairs["note"], "target: note", notes) if "note" in pairs else "",
    )
    require_limits(entry, pairs, target, frame)
    return target


def require_limits(entry: Entry, pairs: Mapping[str, Entry], target: Target, frame: Frame) -> None:
    """Note a target that asks for nothing, or for what nothing can be."""
    if not any(key in pairs for key in LIMITS):
        frame.notes.add(entry.line, "target asks for nothing: it needs least, most or by_population")
    if "least" in pairs and "by_population" in pairs:
        frame.notes.add(pairs["by_population"].key_line, "target has both least and by_population; give one")
    if target.least is not None and target.most is not None and target.least > target.most:
        frame.notes.add(pairs["most"].line, f"target: most {target.most:g} is below least {target.least:g}")


def parse_steps(entry: Entry | None, frame: Frame) -> tuple[Step, ...]:
    """What is asked by number of people: a list of {below, least}; the last may leave `below` out."""
    steps: list[Step] = []
    for item in entries.take_list(entry, "by_population", frame.notes) if entry is not None else ():
        pairs = entries.take_mapping(item, "step", frame.notes, required=("least",), optional=("below",))
        below = fields.take_amount(pairs.get("below"), "step: below", (1, LARGEST), frame)
        least = fields.take_amount(pairs.get("least"), "step: least", (0, LARGEST), frame)
        last = steps[-1].below if steps else 0.0
        if last is None or (below is not None and below <= last):
            frame.notes.add(item.line, "by_population must rise from step to step, and only the last is without below")
        steps.append(Step(below, least or 0.0))
    return tuple(steps)
