"""Who may change what: the layer as a whole, and how secret a feature may become.

A row the actor may not see is not found in the first place (`held`). An editor may keep a feature to fewer people, but
never to people they are not among; and only who administers the layer may open what is kept back, because nobody can
take back what was published.
"""

from collections.abc import Iterable

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import ACCESS_LEVELS, Access, Layer
from gis_infra.errors import NotPermitted

SENSITIVITY = "sensitivity"


def require_editor(actor: Actor, layers: Iterable[Layer]) -> None:
    """Return if the actor may edit every layer. Raises UnknownLayer, SignInNeeded, NotPermitted."""
    for layer in layers:
        actor.require("edit", layer)


def require_level(actor: Actor, layer: Layer, before: Access | None, after: Access | None, *, is_new: bool) -> None:
    """Return if the actor may leave a feature at the sensitivity `after`; None is what the layer says.

    Raises NotPermitted.
    """
    if after is not None and after not in actor.get_visible_levels(layer):
        raise NotPermitted(f"{actor.username} could not see a {after} feature of layer {layer.id}", where=SENSITIVITY)
    is_opened = not is_new and get_secrecy(layer, after) < get_secrecy(layer, before)
    if is_opened and not actor.is_allowed("administer", layer):
        raise NotPermitted(
            f"a feature kept {before} is opened by who administers layer {layer.id}; {actor.username} does not",
            where=SENSITIVITY,
        )


def get_secrecy(layer: Layer, sensitivity: Access | None) -> int:
    """How secret a row is in effect: its layer's step or its own, whichever is higher."""
    own = ACCESS_LEVELS.index(sensitivity) if sensitivity is not None else 0
    return max(ACCESS_LEVELS.index(layer.access), own)
