"""What takes long takes some of a process's threads, never all: the map is served meanwhile."""

import pytest

from gis_infra.cli.serve import count_threads
from gis_infra.web import places
from gis_infra.web.places import place
from tests.web.import_city import WATER, make_points, upload


def export(client, upload_id):
    """Have a file made."""
    return client.get("/ogc/collections/fire_hydrant/export", auth=WATER)


def hand_in(client, upload_id):
    """Hand a file in."""
    return upload(client, make_points(1))


def look_into(client, upload_id):
    """Have an upload looked into."""
    return client.get(f"/imports/uploads/{upload_id}", auth=WATER)


@pytest.mark.parametrize(
    ("kind", "act", "words"),
    [
        ("export", export, "2 files are being made already; try again when one is done"),
        ("upload", hand_in, "2 files are being taken in already; try again when one is done"),
        ("preview", look_into, "2 files are being looked into already; try again when one is done"),
    ],
)
def test_who_finds_no_place_is_told_to_come_back(importing_app, client, kind, act, words):
    upload_id = hand_in(client, None).json["id"]
    with importing_app.app_context(), place(kind, ""), place(kind, ""):
        refused = act(client, upload_id)
    assert (refused.status_code, refused.json["detail"]) == (503, words)
    assert act(client, upload_id).status_code in (200, 201)


def test_more_threads_serve_than_there_are_places():
    assert count_threads() > places.THREADS == places.AT_ONCE * len(places.KINDS)
