"""Where PostgreSQL's programs lie, and whether PostGIS is installed beside them."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gis_infra.errors import StorageError

OLDEST_POSTGRESQL = 15
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
NEEDED = ("initdb", "pg_ctl", "postgres")
RELEASE_FILE = Path("/etc/os-release")
# Debian 11 and Ubuntu 22.04 carry servers that are too old.
ELSEWHERE = "postgresql-17-postgis-3 (from https://apt.postgresql.org, because this release's own is too old)"
PACKAGES = {
    "bullseye": ELSEWHERE,
    "bookworm": "postgresql-15-postgis-3",
    "trixie": "postgresql-17-postgis-3",
    "jammy": ELSEWHERE,
    "noble": "postgresql-16-postgis-3",
    "plucky": "postgresql-17-postgis-3",
    "questing": "postgresql-17-postgis-3",
}


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL: the folder of its programs and its major version."""

    folder: Path
    version: int

    def get(self, program: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / program)


def find_binaries(version: int | None = None) -> Binaries:
    """The newest installed PostgreSQL that has PostGIS.

    version: take exactly this major version, because existing data is only readable by it.
    Raises StorageError that says what to install and how to point at another database.
    """
    found = sorted(iterate_installed(), key=lambda each: each.version, reverse=True)
    for each in found:
        if each.version >= OLDEST_POSTGRESQL and version in (None, each.version) and has_postgis(each):
            return each
    raise StorageError(explain_missing(found, version), where="GIS_INFRA_DATABASE_URL")


def iterate_installed(debian_folder: Path = DEBIAN_FOLDER) -> Iterator[Binaries]:
    """Every PostgreSQL server on this machine: Debian's folders, then what `pg_config` and PATH name."""
    folders = sorted(debian_folder.glob("*/bin"))
    folders += [Path(found).resolve().parent for name in ("pg_config", "initdb") if (found := shutil.which(name))]
    for folder in dict.fromkeys(folders):
        if all((folder / name).exists() for name in NEEDED):
            yield Binaries(folder, read_version(folder))


def read_version(folder: Path) -> int:
    """The major version of the server in `folder`, 0 if it does not say."""
    said = subprocess.run(  # noqa: S603 - a program of an installed PostgreSQL
        [str(folder / "postgres"), "--version"], check=False, capture_output=True, text=True, timeout=20
    ).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found.group(1)) if found else 0


def has_postgis(binaries: Binaries) -> bool:
    """Whether PostGIS can be created in databases of this server."""
    return any((folder / "postgis.control").exists() for folder in iterate_extension_folders(binaries))


def iterate_extension_folders(binaries: Binaries) -> Iterator[Path]:
    """Where this server may look for extensions: Debian's share folder, then its own prefix."""
    yield Path("/usr/share/postgresql") / str(binaries.version) / "extension"
    prefix = binaries.folder.parent
    yield prefix / "share" / "extension"
    yield prefix / "share" / "postgresql" / "extension"


def explain_missing(found: list[Binaries], version: int | None) -> str:
    """What is missing, what to install on this release, and how to use a database elsewhere; one line."""
    if version is not None:
        what = f"the database was made by PostgreSQL {version}, which is no longer installed with PostGIS"
        packages = f"postgresql-{version}-postgis-3"
    else:
        what = describe_lack(found)
        packages = name_packages(found)
    return (
        f"{what}. Install it: sudo apt-get install {packages} - "
        "or point at another one: GIS_INFRA_DATABASE_URL=postgresql://user@host/name"
    )


def describe_lack(found: list[Binaries]) -> str:
    """What there is, and what is needed."""
    needed = f"PostgreSQL {OLDEST_POSTGRESQL} or later with PostGIS"
    if not found:
        return f"{needed} is not installed"
    versions = ", ".join(str(each.version) for each in found)
    return f"PostgreSQL {versions} is here, but {needed.removeprefix('PostgreSQL ')} is needed"


def name_packages(found: list[Binaries], release: Path = RELEASE_FILE) -> str:
    """The packages to install: for the newest server that is here and will do, else for this release."""
    newest = max((each.version for each in found), default=0)
    if newest >= OLDEST_POSTGRESQL:
        return f"postgresql-{newest}-postgis-3"
    return PACKAGES.get(read_codename(release), "postgresql-postgis")


def read_codename(release: Path) -> str:
    """The name of this release of Debian or Ubuntu, empty if it does not say."""
    lines = release.read_text(encoding="utf-8").splitlines() if release.exists() else []
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    return told.get("VERSION_CODENAME", "").strip('"')
