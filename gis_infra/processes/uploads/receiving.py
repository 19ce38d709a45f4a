"""Files coming in: who may hand some in, how many, how large, and what they are called here.

A name that a client gave never becomes a path; its letters and digits make a new one.
"""

import datetime
import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import BusyError, ConflictError, InvalidSource, NotPermitted, SignInNeeded
from gis_infra.processes.uploads import store
from gis_infra.processes.uploads.store import FILES, MAIN, Upload
from gis_infra.settings import Settings
from gis_infra.storage.locks import hold_lock

MOST_OPEN = 8  # uploads of one person
MOST_FILES = 60  # in one upload; a shapefile has up to ten
LONGEST_STEM = 60
SPARE_BYTES = 500_000_000  # of the disk, for everything else
LOCK_LIMIT_S = 20.0
# What only goes with a file that is read by itself.
BESIDE = (
    *(".shx", ".dbf", ".prj", ".cpg", ".cst", ".qpj", ".sbn", ".sbx", ".qix", ".xml"),
    *(".dat", ".map", ".id", ".ind", ".mid", ".csvt", ".gpkg-wal", ".gpkg-shm", ".gpkg-journal"),
)


def require_importer(actor: Actor, catalogue: Catalogue) -> int:
    """The person, if they may import into some layer. Raises SignInNeeded, NotPermitted."""
    if actor.person_id is None:
        raise SignInNeeded("sign in to import files")
    if not any(actor.is_allowed("import", layer) for layer in catalogue.layers.values()):
        raise NotPermitted(f"{actor.username} may not import into any layer")
    return actor.person_id


class Draft:
    """An upload that is coming in, file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.files = ExitStack()

    def open(self, given: str) -> BinaryIO:
        """A new file for what is called `given`. Raises InvalidSource for one of no use, and for one too many."""
        name = to_safe_name(given)
        if name.casefold() in {each.casefold() for each in self.names}:
            raise InvalidSource(f"two of the files are called {name!r}; hand in folders as one zip", where="file")
        if len(self.names) >= MOST_FILES:
            raise InvalidSource(f"an upload has at most {MOST_FILES} files; hand in more as one zip", where="file")
        self.names.append(name)
        return self.files.enter_context((self.folder / FILES / name).open("x+b"))

    def close(self) -> None:
        """Close the files, which are then whole on the disk. Raises OSError where that fails."""
        self.files.close()

    @property
    def name(self) -> str:
        """What people may call it."""
        mains = [each for each in self.names if Path(each).suffix.lower() in MAIN]
        more = f" + {len(mains) - 1}" if len(mains) > 1 else ""
        return f"{mains[0]}{more}" if mains else ""


def to_safe_name(given: str) -> str:
    """A file name made from one that a client gave: its letters and digits, and a suffix that is known.

    Raises InvalidSource, which lists the kinds of file there are.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    stem, dot, suffix = last.rpartition(".")
    suffix = f".{suffix.lower()}"
    if not dot or suffix not in (*MAIN, *BESIDE):
        kinds = ", ".join(MAIN)
        raise InvalidSource(f"{last[:60]!r} is of no use here; hand in {kinds}, and what belongs to it", where="file")
    letters = "".join(each if each.isalnum() or each in "-_" else "_" for each in stem.removesuffix(".shp"))
    return f"{letters[:LONGEST_STEM].strip('_') or 'file'}{suffix}"


@contextmanager
def receiving(settings: Settings, person_id: int, expected: int) -> Iterator[Draft]:
    """An upload to be filled in the block; it stays if the block ends well, and leaves nothing behind otherwise.

    expected: its size in bytes as far as it is known. `finish` makes it whole.
    Raises ConflictError when the person has too many, BusyError when the disk has no room for it.
    """
    store.make_private(settings.uploads)
    with hold_lock(settings.uploads / ".lock", LOCK_LIMIT_S):
        require_few(settings, person_id)
        require_room(settings, expected)
        upload = make_upload(settings, person_id)
        folder = settings.uploads / upload.id
        folder.mkdir(mode=0o700)
        (folder / FILES).mkdir(mode=0o700)
        store.write(settings, upload)
    draft = Draft(folder)
    try:
        with draft.files:
            yield draft
    except BaseException:  # whatever broke it off, a client that went (GeneratorExit) too: no half upload stays
        shutil.rmtree(folder, ignore_errors=True)
        raise


def require_few(settings: Settings, person_id: int) -> None:
    """Return if a person has room for another upload. Raises ConflictError."""
    count = len([each for each in store.read_all(settings) if each.person_id == person_id])
    if count >= MOST_OPEN:
        raise ConflictError(f"you have {count} uploads; import or delete one first", where="file")


def require_room(settings: Settings, expected: int) -> None:
    """Return if the disk has room for an upload of `expected` bytes. Raises BusyError."""
    if shutil.disk_usage(settings.uploads).free < expected + SPARE_BYTES:
        raise BusyError("the server's disk has no room for this upload now; tell who runs it", where="file")


def make_upload(settings: Settings, person_id: int) -> Upload:
    """The description of an upload that begins now."""
    now = datetime.datetime.now(datetime.UTC)
    expires = now + datetime.timedelta(hours=settings.upload_keep_h)
    return Upload(str(uuid.uuid4()), person_id, "", 0, store.to_text(now), store.to_text(expires))


def finish(settings: Settings, draft: Draft) -> Upload:
    """Make an upload whole. Raises InvalidSource if none of its files can be read by itself."""
    if not draft.name:
        kinds = ", ".join(MAIN)
        missing = f"there is none to read among {', '.join(draft.names)}" if draft.names else "there is no file"
        raise InvalidSource(f"{missing}; hand in one of {kinds} in the field 'file'", where="file")
    size = sum(each.stat().st_size for each in (draft.folder / FILES).iterdir())
    upload = replace(store.read(draft.folder), name=draft.name, files=tuple(draft.names), bytes=size)
    store.write(settings, upload)
    return upload
