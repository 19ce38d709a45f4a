"""Where the private cluster lies."""

import os
import stat
from pathlib import Path

import pytest

from gis_infra.errors import StorageError
from gis_infra.storage import places
from gis_infra.storage.accounts import Account

MYSELF = Account("me", os.geteuid(), os.getegid())


def test_the_socket_stands_beside_the_data_where_its_path_is_short_enough(tmp_path: Path):
    assert places.choose_socket_folder(Path("/srv/gis/var/database"), MYSELF) == Path("/srv/gis/var/database/socket")


@pytest.mark.parametrize(("length", "inside"), [(86, True), (87, False)])
def test_a_socket_path_of_107_bytes_is_the_longest(length: int, inside: bool):
    # "/socket" and "/.s.PGSQL.5432" take 7 and 14 bytes of the 107.
    base = Path("/" + "x" * (length - 1))
    assert (places.choose_socket_folder(base, MYSELF).parent == base) is inside


def test_the_length_is_counted_in_bytes_not_letters():
    base = Path("/" + "ố" * 40)
    assert places.choose_socket_folder(base, MYSELF).parent != base


def test_a_socket_elsewhere_goes_to_the_users_run_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    assert places.choose_socket_folder(Path("/" + "x" * 100), MYSELF).parent == Path("/run/user/1000")


def test_two_clusters_with_long_paths_get_two_sockets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    first, second = (places.choose_socket_folder(Path("/" + letter * 100), MYSELF) for letter in "xy")
    assert first != second
    assert first.parent == second.parent == Path("/tmp")


def test_a_private_folder_is_closed_to_everybody_else(tmp_path: Path):
    places.make_private(tmp_path / "socket", MYSELF)
    assert stat.S_IMODE((tmp_path / "socket").stat().st_mode) == 0o700


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="not a folder of me's own"):
        places.make_private(tmp_path / "socket", MYSELF)


def test_a_folder_of_somebody_elses_is_refused(tmp_path: Path):
    (tmp_path / "socket").mkdir()
    with pytest.raises(StorageError, match="not a folder of other's own"):
        places.make_private(tmp_path / "socket", Account("other", os.geteuid() + 1, os.getegid()))


def test_the_place_written_down_is_kept(tmp_path: Path):
    (tmp_path / places.PLACE_FILE).write_text("/var/lib/gis-infra/abc\n", encoding="utf-8")
    assert places.find_base(tmp_path) == Path("/var/lib/gis-infra/abc")
