"""What a filter is read against, and how it names things: types, properties, the standard's errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.filters import tree
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.filters.fes.values import ID_NAME, parse_path, require_own, resolve_step
from gis_infra.filters.sql.terms import ID
from gis_infra.spatial.crs import CrsReference

PROPERTY_NAMES = frozenset({"ValueReference", "PropertyName"})


class UnsupportedFilter(InvalidParameter):
    """A filter uses an operator that is in the standard and not in this program."""


@dataclass(frozen=True)
class FilterFrame:
    """What a filter is read against: the layer asked, and the CRS meant where a geometry names none.

    joined: the layers of a join, by the names the filter calls them; empty where one layer is asked.
    easting_first: whether coordinates come so whatever their srsName says, as in version 1.0.0.
    refuse_other_ids: whether the id of a feature of another type is refused, as in version 2.0; else it finds nothing.
    """

    layer: Layer
    default_crs: CrsReference
    joined: Mapping[str, Layer] = field(default_factory=dict)
    easting_first: bool = False
    refuse_other_ids: bool = False

    def find_layer(self, of: str) -> Layer:
        """The layer of a property. of: its name in the join, "" without one."""
        return self.joined[of] if of else self.layer


def read_property(element: etree._Element, frame: FilterFrame) -> tree.Property:
    """The property an operand names; the id for `@gml:id`.

    Raises UnknownProperty, and InvalidParameter in a join that does not say of which type it is.
    """
    return find_property(get_text(element), frame, element.nsmap)


def find_property(path: str, frame: FilterFrame, bindings: Mapping[str | None, str]) -> tree.Property:
    """The property at a path. bindings: namespaces by prefix, as far as they are known. Raises as `read_property`."""
    steps = parse_path(path)
    of = ""
    if frame.joined:
        of = next((name for name in frame.joined if len(steps) > 1 and is_step_of(steps[0], name)), "")
        if not of:
            known = ", ".join(f"{name}/…" for name in frame.joined)
            raise InvalidParameter(f"{path[:100]!r} is of which type? In this join write {known}", where="filter")
    else:
        require_own(path, steps, frame.layer)
    name = resolve_step(path, steps[-1], frame.find_layer(of), bindings)
    return tree.Property(ID if name == ID_NAME else name, of=of)


def is_step_of(step: str, name: str) -> bool:
    """Whether the first step of a path is the type or alias of that name; a prefix does not matter."""
    local = step.rpartition(":")[2].removeprefix("schema-element(").removesuffix(")")
    return local.partition("[")[0] == name


def is_name(element: etree._Element) -> bool:
    """Whether an operand is the name of a property."""
    return get_local_name(element) in PROPERTY_NAMES


def refuse_id(written: str, layer_id: str) -> InvalidParameter:
    """The error to raise for the id of a feature of another type; the same whether there is such a type or not."""
    return InvalidParameter(f"{written[:60]!r} is the id of no {layer_id}", where="resourceId")


def refuse(reason: str) -> InvalidParameter:
    """The error to raise for a filter that is not as the standard has it."""
    return InvalidParameter(reason, where="filter")
