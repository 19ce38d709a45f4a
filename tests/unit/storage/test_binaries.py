"""Finding PostgreSQL, and saying what to install where there is none."""

from pathlib import Path

import pytest

from gis_infra.errors import StorageError
from gis_infra.storage import binaries
from gis_infra.storage.binaries import Binaries


def install(folder: Path, version: int) -> Path:
    """A folder with programs that say they are PostgreSQL `version`."""
    folder.mkdir(parents=True)
    for name in binaries.NEEDED:
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.4 (Debian)'\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def test_every_installed_server_is_found_with_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    install(tmp_path / "15" / "bin", 15)
    install(tmp_path / "9.6" / "bin", 9)
    (tmp_path / "17" / "bin").mkdir(parents=True)  # the clients alone are no server
    monkeypatch.setenv("PATH", str(install(tmp_path / "own", 18)))
    installed = binaries.iterate_installed(tmp_path)
    found = {each.folder.relative_to(tmp_path).as_posix(): each.version for each in installed}
    assert found == {"15/bin": 15, "9.6/bin": 9, "own": 18}


def test_this_machine_has_a_server_with_postgis():
    assert binaries.find_binaries().version >= 15


def test_a_server_without_postgis_is_told_from_one_with_it(tmp_path: Path):
    bare = Binaries(install(tmp_path / "own" / "bin", 99), 99)
    assert not binaries.has_postgis(bare)
    control = tmp_path / "own" / "share" / "extension" / "postgis.control"
    control.parent.mkdir(parents=True)
    control.touch()
    assert binaries.has_postgis(bare)


def test_data_of_a_version_that_is_gone_is_not_given_to_another():
    with pytest.raises(StorageError, match=r"made by PostgreSQL 14, which is no longer installed.*postgresql-14"):
        binaries.find_binaries(version=14)


@pytest.mark.parametrize(
    ("release", "packages"),
    [
        ("VERSION_CODENAME=bookworm\n", "postgresql-15-postgis-3"),
        ('PRETTY_NAME="Debian"\nVERSION_CODENAME="trixie"\n', "postgresql-17-postgis-3"),
        ("VERSION_CODENAME=noble\n", "postgresql-16-postgis-3"),
        ("VERSION_CODENAME=jammy\n", "postgresql-17-postgis-3 (from https://apt.postgresql.org"),
        ("NAME=Something\n", "postgresql-postgis"),
        ("", "postgresql-postgis"),
    ],
)
def test_the_packages_named_are_those_of_the_release(tmp_path: Path, release: str, packages: str):
    (tmp_path / "os-release").write_text(release, encoding="utf-8")
    assert binaries.name_packages([], tmp_path / "os-release").startswith(packages)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "PostgreSQL 15 or later with PostGIS is not installed"),
        ([Binaries(Path("/x"), 13)], "PostgreSQL 13 is here, but 15 or later with PostGIS is needed"),
    ],
)
def test_what_is_missing_is_said_with_both_ways_out(found: list[Binaries], words: str):
    message = binaries.explain_missing(found, None)
    assert words in message
    assert "sudo apt-get install postgresql" in message
    assert "GIS_INFRA_DATABASE_URL=postgresql://user@host/name" in message
    assert "\n" not in message
