"""Who may do what in the register, beyond seeing it.

A conflict is the business of those who may edit the layer of one of its assets: their departments answer for them.
These decide. The department it was handed to and the person it was assigned to work on it: they may do all that
decides nothing for others. Who only sees it may comment, once signed in.
"""

from collections.abc import Mapping

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.entries import Conflict
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import NotPermitted, SignInNeeded

SEE, WORK, DECIDE = "see", "work", "decide"
# What each action of a person needs.
NEEDS: Mapping[str, str] = {
    "comment": SEE,
    "due": WORK,
    "review": WORK,
    "resolve": WORK,
    "reopen": WORK,
    "own": DECIDE,
    "assign": DECIDE,
    "approve": DECIDE,
}
STEPS = tuple(NEEDS)


def list_allowed(conflict: Conflict, actor: Actor, catalogue: Catalogue) -> tuple[str, ...]:
    """The actions that are the actor's to take on a conflict they see, whatever its status."""
    if actor.is_anonymous:
        return ()
    held = {SEE}
    if decides(conflict, actor, catalogue):
        held |= {WORK, DECIDE}
    elif works_on(conflict, actor):
        held.add(WORK)
    return tuple(step for step, need in NEEDS.items() if need in held)


def decides(conflict: Conflict, actor: Actor, catalogue: Catalogue) -> bool:
    """Whether the actor may edit the layer of one of the assets."""
    sides = (conflict.left, conflict.right)
    layers = [catalogue.layers.get(side.layer) for side in sides if side is not None]
    return any(layer is not None and actor.is_allowed("edit", layer) for layer in layers)


def works_on(conflict: Conflict, actor: Actor) -> bool:
    """Whether the conflict was handed to the actor's department, or assigned to them."""
    work = conflict.work
    if work is None:
        return False
    return work.assignee == actor.username or (work.owner is not None and work.owner == actor.department)


def require(step: str, conflict: Conflict, actor: Actor, catalogue: Catalogue) -> None:
    """Return if the actor may take that step. Raises SignInNeeded, NotPermitted."""
    if step in list_allowed(conflict, actor, catalogue):
        return
    if actor.is_anonymous:
        raise SignInNeeded(f"sign in to {step} conflict {conflict.id}", where="action")
    who = "who may edit a layer of its assets"
    if NEEDS[step] == WORK:
        who += ", the department that owns it or its assignee"
    raise NotPermitted(f"{actor.username} may not {step} conflict {conflict.id}; that is for {who}", where="action")
