"""Where the private cluster lies: its data, its log, its socket.

Everything stands in `<home>/database`, unless root started us and the unprivileged account cannot enter `home` (a
checkout below /root): then in /var/lib/gis-infra, and `<home>/database.place` says so.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from gis_infra.errors import StorageError
from gis_infra.storage import accounts
from gis_infra.storage.accounts import Account

SYSTEM_FOLDER = Path("/var/lib/gis-infra")
# A socket's path is at most 107 bytes long on Linux (sun_path), its name and the lock's beside it included.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
PLACE_FILE = "database.place"


@dataclass(frozen=True)
class Places:
    """The folder of the cluster and what stands in it; `socket` may lie elsewhere because its path must be short."""

    base: Path
    socket: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """The file PostgreSQL writes its messages to."""
        return self.base / "server.log"


def choose_places(home: Path) -> Places:
    """Where the cluster of `home` lies or will lie; nothing is made.

    Raises StorageError when root finds no account to run it as.
    """
    base = find_base(home)
    account = accounts.choose_account(base)
    return Places(base, choose_socket_folder(base, account), account)


def find_base(home: Path) -> Path:
    """The folder of the cluster: where it was put before, else inside `home` if its account can go there."""
    inside = home / "database"
    written = home / PLACE_FILE
    if written.exists():
        return Path(written.read_text(encoding="utf-8").strip())
    if os.geteuid() != 0 or inside.exists():
        return inside
    account = accounts.choose_account(inside)
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    return inside if accounts.can_enter(account, nearest) else SYSTEM_FOLDER / to_short_name(home)


def choose_socket_folder(base: Path, account: Account) -> Path:
    """A folder for the socket: in `base` if the path is short enough, else in the user's or the system's run folder."""
    inside = base / "socket"
    if fits(inside):
        return inside
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    name = f"gis-infra-{account.uid}-{to_short_name(base)}"
    if runtime and account.is_self and fits(Path(runtime) / name):
        return Path(runtime) / name
    return Path("/tmp") / name  # noqa: S108 - make_private refuses a folder that is not the account's own


def fits(folder: Path) -> bool:
    """Whether a socket in `folder` has a path the kernel takes."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def to_short_name(path: Path) -> str:
    """Twelve letters that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def make_places(home: Path, places: Places) -> None:
    """Make the folders, owned by the cluster's account and closed to everybody else.

    Raises StorageError when they cannot be made, or when somebody else's folder stands there.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        places.base.parent.mkdir(parents=True, exist_ok=True)
        make_private(places.base, places.account)
        make_private(places.socket, places.account)
        if not places.base.is_relative_to(home):
            (home / PLACE_FILE).write_text(f"{places.base}\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"cannot make the database's folder: {error}", where="GIS_INFRA_HOME") from error


def make_private(folder: Path, account: Account) -> None:
    """Make one folder that only `account` may enter (and root, who may enter every one).

    Raises StorageError if a link or another's folder is there: the right to enter is all that guards the database.
    """
    try:
        folder.mkdir(mode=0o700)
        if not account.is_self:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise StorageError(f"{folder} is not a folder of {account.name}'s own", where="GIS_INFRA_HOME")
    folder.chmod(0o700)
