"""Random secrets handed to people (tokens, links) and the key that signs cookies. Only hashes are kept."""

import hashlib
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def make_secret() -> str:
    """A new URL-safe secret of 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> bytes:
    """What is kept of a secret. Plain SHA-256 will do: 256 random bits cannot be guessed, unlike a password."""
    return hashlib.sha256(secret.encode()).digest()


def read_signing_key(home: Path) -> bytes:
    """The key that signs session cookies, made on the first call and kept in `home`, readable by its owner only.

    Several processes may start at once: the file is linked into place whole; whoever comes second reads the first's.
    """
    path = home / "signing_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".signing_key.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(SECRET_BYTES))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
