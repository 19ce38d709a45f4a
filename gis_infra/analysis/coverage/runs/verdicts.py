"""Each target of a service against what was found: met, missed, or not known; never a silent yes. Pure."""

import datetime
from typing import Any

from gis_infra.analysis.coverage.runs.figures import Tally
from gis_infra.analysis.coverage.standards.model import Demand, Service, Target

# What sums of many numbers may lack of a share that they make.
ROUNDING = 1e-9
# Demands that count people; of others it is the known population that a target by population goes by.
OF_PEOPLE = ("column", "dasymetric", "areal")


def judge(tally: Tally, service: Service, demand: Demand, day: datetime.date) -> tuple[dict[str, Any], ...]:
    """The verdicts on the targets that are asked of a place of this scope and in force on that day."""
    if tally.scope == "outside":
        return ()
    return tuple(
        judge_target(tally, target, demand)
        for target in service.targets
        if target.scope in ("both", tally.scope) and target.origin.is_valid_on(day)
    )


def judge_target(tally: Tally, target: Target, demand: Demand) -> dict[str, Any]:
    """One target, what was found and the answer, with where the target comes from."""
    people = tally.people if demand.kind in OF_PEOPLE else tally.population
    least = target.least
    if target.by_population:
        least = None if people is None else target.find_least(people)
    found = tally.indicators[target.indicator]
    return {
        "indicator": target.indicator,
        "title": {"vi": target.title.vi, "en": target.title.en},
        "least": least,
        "most": target.most,
        "found": found,
        "answer": answer(found, least, target.most),
        "source": target.origin.source,
        "clause": target.origin.clause,
        "legal_basis": target.origin.legal_basis,
        "verified": target.origin.verified,
    }


def answer(found: float | None, least: float | None, most: float | None) -> str:
    """Whether what was found is at least and at most what is asked; not known without one of the two."""
    if found is None or (least is None and most is None):
        return "not_known"
    is_enough = least is None or found >= least - ROUNDING * abs(least)
    is_in_bounds = most is None or found <= most + ROUNDING * abs(most)
    return "met" if is_enough and is_in_bounds else "missed"
