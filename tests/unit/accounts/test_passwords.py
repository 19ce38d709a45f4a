"""Passwords, secrets and the signing key."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from gis_infra.accounts import passwords, secrets
from gis_infra.accounts.credentials import NOBODY, PasswordMemory
from gis_infra.errors import InvalidParameter


def test_a_password_is_right_only_against_its_own_hash():
    encoded = passwords.hash_password("cầu Thủ Thiêm 2")
    assert encoded.startswith("$argon2id$")
    assert passwords.is_right("cầu Thủ Thiêm 2", encoded)
    assert not passwords.is_right("cầu Thủ Thiêm 3", encoded)


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_a_password_too_short_or_too_long_is_refused(password):
    with pytest.raises(InvalidParameter, match=rf"10 to 1024 characters, this one has {len(password)}"):
        passwords.hash_password(password)


@pytest.mark.parametrize("encoded", ["", "not a hash", NOBODY])
def test_nothing_is_right_against_what_is_no_hash(encoded):
    assert not passwords.is_right("any password at all", encoded)


def test_a_remembered_password_is_useless_once_the_hash_changes():
    memory = PasswordMemory()
    old, new = passwords.hash_password("the old password"), passwords.hash_password("the new password")
    assert memory.is_right("the old password", old)
    assert memory.is_right("the old password", old)
    assert not memory.is_right("the old password", new)
    assert not memory.is_right("the wrong password", old)


def test_many_processes_make_one_signing_key_that_only_its_owner_reads(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secrets.read_signing_key(tmp_path / "home"), range(16)))
    assert len(keys) == 1 and len(keys.pop()) == 32
    assert stat.S_IMODE((tmp_path / "home" / "signing_key").stat().st_mode) == 0o600
    assert [each.name for each in (tmp_path / "home").iterdir()] == ["signing_key"]
