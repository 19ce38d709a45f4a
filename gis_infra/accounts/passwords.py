"""Passwords, hashed by Argon2id with the library's own parameters; nothing here is our own cryptography."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gis_infra.errors import InvalidParameter

SHORTEST = 10
LONGEST = 1024  # bounds the work of hashing what a stranger sends


def hash_password(password: str) -> str:
    """The encoded hash of a new password. Raises InvalidParameter if it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidParameter(
            f"a password has {SHORTEST} to {LONGEST} characters, this one has {len(password)}", where="password"
        )
    return PasswordHasher().hash(password)


def is_right(password: str, encoded: str) -> bool:
    """Whether `password` is the one behind the encoded hash; False for anything too long to be one."""
    if len(password) > LONGEST:
        return False
    try:
        return PasswordHasher().verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
