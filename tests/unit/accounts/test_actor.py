"""What an actor may see and do: the three steps of secrecy, and grants from the special to the general."""

import pytest

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM, Actor
from gis_infra.catalogue.definitions import Catalogue, Layer, Style, Title
from gis_infra.errors import NotPermitted, SignInNeeded, UnknownLayer

COLLEAGUE = Actor(1, "lan", "power")
OWNER = Actor(2, "minh", "water", {"sector:water": "viewer"})
EDITOR = Actor(3, "hoa", "water", {"water_pipe": "editor"})


def make_layer(access):
    return Layer("water_pipe", "water", Title("Ống", "Pipe"), "LineString", access, (), Style({}))


@pytest.mark.parametrize(
    ("actor", "levels"),
    [
        (ANONYMOUS, ("public",)),
        (COLLEAGUE, ("public", "shared")),
        (OWNER, ("public", "shared", "restricted")),
        (SYSTEM, ("public", "shared", "restricted")),
    ],
)
def test_a_sign_in_opens_what_is_shared_and_a_grant_opens_all(actor, levels):
    assert actor.get_visible_levels(make_layer("public")) == levels


@pytest.mark.parametrize(
    ("actor", "access", "allowed"),
    [
        (ANONYMOUS, "public", True),
        (ANONYMOUS, "shared", False),
        (COLLEAGUE, "shared", True),
        (COLLEAGUE, "restricted", False),
        (OWNER, "restricted", True),
    ],
)
def test_a_layer_is_read_up_to_the_clearance(actor, access, allowed):
    assert actor.is_allowed("read", make_layer(access)) is allowed


def test_the_grant_on_the_layer_counts_before_the_one_on_everything():
    actor = Actor(4, "an", None, {"*": "viewer", "water_pipe": "importer"})
    assert actor.is_allowed("import", make_layer("public"))
    assert (
        Actor(5, "an", None, {"*": "importer", "water_pipe": "viewer"}).is_allowed("import", make_layer("public"))
        is False
    )


def test_an_editor_edits_and_does_not_import():
    assert EDITOR.is_allowed("edit", make_layer("public"))
    with pytest.raises(NotPermitted, match="hoa may not import layer water_pipe"):
        EDITOR.require("import", make_layer("public"))


def test_the_public_is_asked_to_sign_in_where_that_would_help():
    with pytest.raises(SignInNeeded, match="sign in to edit"):
        ANONYMOUS.require("edit", make_layer("public"))


@pytest.mark.parametrize("action", ["read", "edit", "import"])
def test_a_layer_one_may_not_see_is_told_as_if_there_were_none(action):
    with pytest.raises(UnknownLayer, match="there is no layer 'water_pipe'"):
        COLLEAGUE.require(action, make_layer("restricted"))


def test_the_layers_one_may_read_come_in_the_order_of_the_catalogue():
    layers = {access: make_layer(access) for access in ("restricted", "shared", "public")}
    found = COLLEAGUE.list_readable(Catalogue(layers, {}))
    assert [layer.access for layer in found] == ["shared", "public"]
