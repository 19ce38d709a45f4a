"""The system account the private database runs as: PostgreSQL refuses to run as root.

An ordinary user runs it as themselves. Root runs it as whoever owns the data already, else as the `postgres` account
the distribution's package made, else as `nobody`.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_infra.errors import StorageError

CANDIDATES = ("postgres", "nobody")
COMMAND_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Account:
    """A system account: its name, user id and group id."""

    name: str
    uid: int
    gid: int

    @property
    def is_self(self) -> bool:
        """True when this process already runs as the account."""
        return self.uid == os.geteuid()


def choose_account(folder: Path) -> Account:
    """The account to run the database as.

    folder: where the data lies or will lie; if it exists, root takes its owner.
    Raises StorageError when root finds no unprivileged account on this machine.
    """
    if os.geteuid() != 0:
        return to_account(os.geteuid())
    if folder.exists() and folder.stat().st_uid != 0:
        return to_account(folder.stat().st_uid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise StorageError(f"no unprivileged account to run the database as; looked for {', '.join(CANDIDATES)}")


def to_account(uid: int) -> Account:
    """The account of a user id, also when no name is known for it (containers run as bare numbers)."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, os.getegid())
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def run_as(
    account: Account, command: Sequence[str], *, folder: Path, limit_s: float
) -> subprocess.CompletedProcess[str]:
    """Run a command as `account`, with nothing of our environment, and return what it said.

    folder: the working directory; the account must be able to enter it.
    limit_s: seconds after which the command is killed and subprocess.TimeoutExpired is raised.
    The environment is emptied because PGDATA, PGPORT and their like would quietly aim at another database.
    """
    return subprocess.run(  # noqa: S603 - the programs come from storage.binaries, never from a request
        command,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        timeout=limit_s,
        env={"PATH": COMMAND_PATH, "LC_ALL": "C.UTF-8"},
        user=None if account.is_self else account.uid,
        group=None if account.is_self else account.gid,
        extra_groups=None if account.is_self else [],
    )


def can_enter(account: Account, folder: Path) -> bool:
    """Whether `account` may go through `folder` and every folder above it, access lists included."""
    return run_as(account, ["/usr/bin/test", "-x", str(folder)], folder=Path("/"), limit_s=10).returncode == 0
