"""Files handed in over HTTP: each upload in a private folder of its own, for a day at most.

    <uploads>/<id>/upload.json      whose it is, what it holds, until when
    <uploads>/<id>/files/           its files; names are made here from those given, which never become a path
    <uploads>/<id>/inspection.json  what is in it, once somebody asked
    <uploads>/jobs/<job>/           what a job made for who asked for it: rejected rows, the report

Several machines that run workers must share the folder. An upload is seen by whoever handed it in, and by nobody else.
"""

import datetime
import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson

from gis_infra.accounts.actor import Actor
from gis_infra.errors import MissingError
from gis_infra.settings import Settings

FILES = "files"
JOBS = "jobs"
ABOUT = "upload.json"
IDS = "*-*-*-*-*"
REST = datetime.timedelta(hours=1)
# What is read as a source by itself.
MAIN = (
    *(".shp", ".zip", ".kmz", ".shz", ".gpkg", ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"),
    *(".fgb", ".tab", ".mif", ".dxf", ".kml", ".csv", ".tsv", ".txt"),
)


@dataclass(frozen=True)
class Upload:
    """One upload. name: for people. files: names in its folder. imported: its layers that were imported already."""

    id: str
    person_id: int
    name: str
    bytes: int
    created: str
    expires: str
    files: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all of it came in."""
        return bool(self.files)


def to_text(moment: datetime.datetime) -> str:
    """A moment as RFC 3339 has it, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def make_private(folder: Path) -> None:
    """Make a folder that only this account may enter."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder in `folder` for the temporary files of another process, which is gone after the block.

    A process that is killed cannot clean up behind itself.
    """
    made = folder / "tmp"
    shutil.rmtree(made, ignore_errors=True)
    make_private(made)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def write(settings: Settings, upload: Upload) -> None:
    """Write the description of an upload, whole or not at all."""
    target = settings.uploads / upload.id / ABOUT
    write_whole(target, orjson.dumps(asdict(upload)))


def write_whole(target: Path, content: bytes) -> None:
    """Write a file that has its name only when it is whole."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.{uuid.uuid4().hex}")
    draft.write_bytes(content)
    draft.replace(target)


def read(folder: Path) -> Upload:
    """The upload in a folder. Raises OSError or ValueError if there is none."""
    about = orjson.loads((folder / ABOUT).read_bytes())
    return Upload(**{**about, "files": tuple(about["files"]), "imported": tuple(about["imported"])})


def read_all(settings: Settings) -> list[Upload]:
    """Every upload there is, oldest first; one that is being made or deleted at this moment may be missing."""
    found = []
    for folder in settings.uploads.glob(IDS):
        try:
            found.append(read(folder))
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda each: (each.created, each.id))


def list_uploads(settings: Settings, actor: Actor) -> list[Upload]:
    """The uploads of an actor, oldest first."""
    return [each for each in read_all(settings) if each.person_id == actor.person_id and each.is_whole]


def get_upload(settings: Settings, actor: Actor, upload_id: str) -> Upload:
    """An actor's upload. Raises MissingError, in the same words whether there is none or it is somebody else's."""
    missing = MissingError(f"there is no upload {upload_id[:40]!r}; it may have been deleted", where="upload")
    try:
        upload = read(settings.uploads / str(uuid.UUID(upload_id)))
    except (OSError, ValueError):
        raise missing from None
    if upload.person_id != actor.person_id or not upload.is_whole:
        raise missing
    return upload


def get_path(settings: Settings, upload: Upload) -> Path:
    """The path to read an upload from: its one file that is read by itself, or the folder of them."""
    folder = settings.uploads / upload.id / FILES
    mains = [each for each in upload.files if Path(each).suffix.lower() in MAIN]
    return folder / mains[0] if len(mains) == 1 else folder


def get_job_folder(settings: Settings, job_id: uuid.UUID) -> Path:
    """Where a job keeps what it makes for who asked for it; it may not be there yet."""
    return settings.uploads / JOBS / str(job_id)


def remove(settings: Settings, upload_id: str) -> None:
    """Delete an upload and all in it."""
    shutil.rmtree(settings.uploads / upload_id, ignore_errors=True)


def note_imported(settings: Settings, upload: Upload, layer: str) -> Upload:
    """The upload with one more layer known to be imported."""
    noted = replace(upload, imported=(*upload.imported, layer))
    write(settings, noted)
    return noted


def remove_expired(settings: Settings, in_use: Collection[str]) -> None:
    """Delete what is older than it may be, but for the uploads that jobs wait for; and what is left of broken ones."""
    now = datetime.datetime.now(datetime.UTC)
    uploads = read_all(settings)
    for upload in uploads:
        if upload.expires < to_text(now) and upload.id not in in_use:
            remove(settings, upload.id)
    known = {each.id for each in uploads}
    for folder in settings.uploads.glob(IDS):
        if folder.name not in known and has_rested(folder, now):
            remove(settings, folder.name)


def has_rested(folder: Path, now: datetime.datetime) -> bool:
    """Whether nothing was made or taken away in a folder for an hour; false if it has gone meanwhile."""
    try:
        changed = datetime.datetime.fromtimestamp(folder.stat().st_mtime, datetime.UTC)
    except FileNotFoundError:
        return False
    return now - changed > REST


def list_job_folders(settings: Settings) -> list[str]:
    """The ids of the jobs that made something."""
    return [each.name for each in (settings.uploads / JOBS).glob("*")]


def remove_job_folders(settings: Settings, job_ids: Collection[str]) -> None:
    """Delete what these jobs made."""
    for job_id in job_ids:
        shutil.rmtree(settings.uploads / JOBS / job_id, ignore_errors=True)
