"""What a run is asked for, and what it did: frozen values."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.runs.inspection import LayerCheck
from gis_infra.progress import Progress, tell_nobody
from gis_infra.spatial.boxes import Bbox

Scope = Literal["city", "box", "changes"]


@dataclass(frozen=True)
class RunOrder:
    """Who wants which packs checked, as of which moment.

    scope: the city, what touches `box`, or what changed since the last run. Changes are looked at against a register
    that a run over the whole city made by the same packs and rules; where there is none, the whole city is looked at.
    keeps_up: whether the packs are all that the register is kept up with, so that what changed before is done with.
    tell: told how many of how many steps are done; it raises if the run is to end. wait_s: for another run to end.
    """

    actor: Actor
    packs: tuple[str, ...]
    now: datetime.datetime
    scope: Scope = "city"
    box: Bbox | None = None
    keeps_up: bool = False
    tell: Progress = tell_nobody
    wait_s: float = 0.0


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    id: its number; 0 where nothing that a rule speaks of had changed, and so no run was entered. rules: ids of those
    that were checked. not_checked: rule id -> why it was not, by language. focus: assets it was narrowed to, None for
    all. layers: layer id -> what there was to check in it. answers: severity -> findings of it.
    """

    id: int
    scope: Scope
    focus: int | None
    rules_version: str
    rules: tuple[str, ...]
    not_checked: Mapping[str, Mapping[str, str]]
    layers: Mapping[str, LayerCheck]
    answers: Mapping[str, int] = field(default_factory=dict)
    found: int = 0
    found_new: int = 0
    reopened: int = 0
    changed: int = 0
    resolved: int = 0
    duration_s: float = 0.0
