"""Who asks, and what they may do: the value every function that touches data takes.

Pure: built by `accounts.people` from the database, or by a test. Row visibility has three steps, public < shared <
restricted. A row is seen when the layer's access and the row's own `sensitivity` are both within the actor's clearance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gis_infra.catalogue.definitions import ACCESS_LEVELS, Access, Catalogue, Layer
from gis_infra.errors import NotPermitted, SignInNeeded, UnknownLayer

Role = Literal["viewer", "editor", "importer", "admin"]
Action = Literal["read", "edit", "import", "administer"]

ROLES: tuple[Role, ...] = ("viewer", "editor", "importer", "admin")
ALLOWED: Mapping[Role, frozenset[Action]] = {
    "viewer": frozenset({"read"}),
    "editor": frozenset({"read", "edit"}),
    "importer": frozenset({"read", "edit", "import"}),
    "admin": frozenset({"read", "edit", "import", "administer"}),
}


@dataclass(frozen=True)
class Actor:
    """A person at work, or the anonymous public.

    grants: role by layer id, by "sector:<sector>" or by "*" for every layer; the most specific one counts.
    """

    person_id: int | None = None
    username: str = "anonymous"
    department: str | None = None
    grants: Mapping[str, Role] = field(default_factory=dict)

    @property
    def is_anonymous(self) -> bool:
        """True for the public, who never signed in."""
        return self.person_id is None

    def find_role(self, layer: Layer) -> Role | None:
        """The role this actor holds on `layer`, None if none was granted."""
        for key in (layer.id, f"sector:{layer.sector}", "*"):
            if key in self.grants:
                return self.grants[key]
        return None

    def get_clearance(self, layer: Layer) -> Access:
        """The most secret step of `layer` this actor may see: a grant opens all, a sign-in opens what is shared."""
        if self.find_role(layer) is not None:
            return "restricted"
        return "public" if self.is_anonymous else "shared"

    def get_visible_levels(self, layer: Layer) -> tuple[Access, ...]:
        """Every step up to the clearance, least secret first."""
        return ACCESS_LEVELS[: ACCESS_LEVELS.index(self.get_clearance(layer)) + 1]

    def get_view(self, layer: Layer) -> tuple[str, ...]:
        """What tells this actor from others who see other rows of `layer`; equal for all who see the same.

        Rows of a layer that the program keeps are seen by what is granted on any layer.
        """
        if layer.kept is None:
            return self.get_visible_levels(layer)
        signed_in = "" if self.is_anonymous else f"{self.person_id}" if layer.kept.by_person else "signed in"
        return (signed_in, *(f"{scope}={role}" for scope, role in sorted(self.grants.items())))

    def is_allowed(self, action: Action, layer: Layer) -> bool:
        """Whether `action` on `layer` is open to this actor."""
        if action == "read":
            return layer.access in self.get_visible_levels(layer)
        if layer.kept is not None and action != "administer":
            return False
        role = self.find_role(layer)
        return role is not None and action in ALLOWED[role]

    def list_readable(self, catalogue: Catalogue) -> list[Layer]:
        """The layers this actor may see, in the order of the catalogue."""
        return [layer for layer in catalogue.layers.values() if self.is_allowed("read", layer)]

    def is_admin(self) -> bool:
        """Whether this actor administers the whole city."""
        return self.grants.get("*") == "admin"

    def require(self, action: Action, layer: Layer) -> None:
        """Return if `action` on `layer` is allowed.

        Raises UnknownLayer when the layer may not even be seen (its existence is not told), SignInNeeded when nobody
        is signed in, NotPermitted otherwise.
        """
        if self.is_allowed(action, layer):
            return
        if not self.is_allowed("read", layer):
            raise UnknownLayer(f"there is no layer {layer.id!r}", where=layer.id)
        if self.is_anonymous:
            raise SignInNeeded(f"sign in to {action} layer {layer.id}", where=layer.id)
        raise NotPermitted(f"{self.username} may not {action} layer {layer.id}", where=layer.id)


ANONYMOUS = Actor()
SYSTEM = Actor(person_id=0, username="system", grants={"*": "admin"})
