"""Letters about the register: to each owner of an asset in a conflict, with the conflicts that concern them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely
from sqlalchemy import Connection, select

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.contacts.store import find_for_place
from gis_infra.analysis.register.known_rules import require_rule
from gis_infra.analysis.register.reading import RegisterQuery, read_register
from gis_infra.analysis.works.owners import fold
from gis_infra.catalogue.definitions import Language
from gis_infra.features.selection import select_visible
from gis_infra.reports.contacts import to_card
from gis_infra.reports.features import to_conflict
from gis_infra.reports.letters import Letter, render_letters, require_signed_in, to_reader
from gis_infra.spatial import crs

MOST_CONFLICTS = 1000
SIDES = ("left", "right")

Line = Mapping[str, Any]
Assets = frozenset[tuple[str, int]]


def render_register_letters(connection: Connection, ground: Ground, query: RegisterQuery, language: Language) -> str:
    """An HTML page with a letter to each owner of an asset in a conflict that matches.

    Raises SignInNeeded, and as `require_rule` and `read_register`.
    """
    require_signed_in(query.actor)
    require_rule(connection, ground, query)
    wanted = replace(query, limit=min(query.limit, MOST_CONFLICTS))
    page = read_register(connection, ground.catalogue, ground.tables, wanted)
    conflicts = [to_conflict(each) for each in page.conflicts]
    opened = read_open(connection, ground, to_reader(query.actor), conflicts)
    letters = [write(ground, owner, conflicts, opened, language) for owner in list_owners(conflicts)]
    told = [each for each in letters if each.conflicts]
    return render_letters(
        ground, [one for each in told for one in address(connection, ground, query.actor, each)], language
    )


def list_owners(conflicts: Iterable[Line]) -> list[str]:
    """The owners of the assets, each once however it is spelled, by name."""
    names = (each["properties"][f"{side}_owner"] for each in conflicts for side in SIDES)
    return sorted({fold(name): name for name in names if name}.values())


def write(ground: Ground, owner: str, conflicts: Sequence[Line], opened: Assets, language: Language) -> Letter:
    """The letter to one owner, without address. opened: assets that everybody who signs in may see."""
    lines = [
        {"properties": values, "geometry": each["geometry"], **name_sides(ground, values, side, language)}
        for each in conflicts
        for values in (each["properties"],)
        if (side := find_own_side(values, owner)) is not None and is_open(values, OTHER[side], owner, opened)
    ]
    return Letter(owner, "subject_conflicts", ("letter_conflicts",), conflicts=tuple(lines))


OTHER: Mapping[str, str] = {"left": "right", "right": "left"}


def find_own_side(values: Mapping[str, Any], owner: str) -> str | None:
    """The side that is the owner's, the left one if both are; None if neither is."""
    return next((side for side in SIDES if is_owned(values, side, owner)), None)


def is_owned(values: Mapping[str, Any], side: str, owner: str) -> bool:
    """Whether one side of a conflict is the owner's."""
    found = values[f"{side}_owner"]
    return found is not None and fold(found) == fold(owner)


def is_open(values: Mapping[str, Any], side: str, owner: str, opened: Assets) -> bool:
    """Whether the owner may be told of the asset on one side: there is none, it is theirs, or it is open."""
    asset = (values[f"{side}_layer"], values[f"{side}_id"])
    return asset[0] is None or is_owned(values, side, owner) or asset in opened


def name_sides(ground: Ground, values: Mapping[str, Any], side: str, language: Language) -> dict[str, str]:
    """The owner's asset and the other one, in words."""
    return {
        "own": name_asset(ground, values, side, language),
        "other": name_asset(ground, values, OTHER[side], language),
    }


def name_asset(ground: Ground, values: Mapping[str, Any], side: str, language: Language) -> str:
    """Layer, code and owner of one side; empty if there is none."""
    layer_id = values[f"{side}_layer"]
    if layer_id is None:
        return ""
    title = ground.catalogue.get_layer(layer_id).title.get_in(language)
    code, owner = values[f"{side}_code"] or f"#{values[f'{side}_id']}", values[f"{side}_owner"]
    return f"{title} {code}" + (f", {owner}" if owner else "")


def read_open(connection: Connection, ground: Ground, reader: Actor, conflicts: Iterable[Line]) -> Assets:
    """The assets of the conflicts that a reader may see."""
    ids: dict[str, set[int]] = {}
    for values in (each["properties"] for each in conflicts):
        for side in SIDES:
            if values[f"{side}_layer"] is not None:
                ids.setdefault(values[f"{side}_layer"], set()).add(values[f"{side}_id"])
    found: set[tuple[str, int]] = set()
    for layer_id, wanted in ids.items():
        layer, table = ground.catalogue.get_layer(layer_id), ground.tables.get(layer_id)
        if not reader.is_allowed("read", layer):
            continue
        visible = select_visible(table, layer, reader)
        conditions = [table.c.id.in_(wanted)] + ([] if visible is None else [visible])
        found |= {(layer_id, each) for each in connection.scalars(select(table.c.id).where(*conditions))}
    return frozenset(found)


def address(connection: Connection, ground: Ground, actor: Actor, letter: Letter) -> list[Letter]:
    """The same letter to each contact of its owner for these places; without address if there is none."""
    transformer = crs.get_transformer(crs.WGS84, ground.tables.srid)
    places = [transformer.transform(*each["geometry"]["coordinates"]) for each in letter.conflicts]
    contacts = find_for_place(connection, actor, shapely.MultiPoint(places), ground.tables.srid)
    cards = [to_card(each) for each in contacts if fold(each.owner) == fold(letter.owner or "")]
    return [replace(letter, card=card) for card in cards] or [letter]
