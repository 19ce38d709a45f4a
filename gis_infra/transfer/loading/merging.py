"""The rows of a file that were put by meet those the layer has, when the new ones are in, in the same transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection, Table

from gis_infra.features.locks.holding import require_free_rows
from gis_infra.transfer.loading import keyless_rows, known_rows, lacking_rows
from gis_infra.transfer.loading.lacking_rows import Lacking
from gis_infra.transfer.loading.scratch import fill
from gis_infra.transfer.loading.sorting import Spools
from gis_infra.transfer.reporting.tally import Tally
from gis_infra.transfer.request import ImportRequest


@dataclass(frozen=True)
class Meeting:
    """Who meets whom.

    connection: of `storage.transactions.writing`. import_id: of the import, None to count what would be done and write
    nothing.
    """

    connection: Connection
    request: ImportRequest
    spools: Spools
    import_id: int | None

    @property
    def is_trial(self) -> bool:
        """Whether nothing is to be written."""
        return self.import_id is None


def merge(meeting: Meeting, tally: Tally) -> None:
    """Change, add and delete rows of the layer as the request says, and count what became of each.

    Raises FeatureLocked for a row to be changed or deleted that somebody holds.
    """
    known = fill(meeting.connection, "import_known", meeting.request.table, meeting.spools.known)
    if known is not None:
        merge_known(meeting, known, tally)
    keyless = fill(meeting.connection, "import_keyless", meeting.request.table, meeting.spools.keyless)
    matched = merge_keyless(meeting, keyless, tally) if keyless is not None else None
    if meeting.request.replace and meeting.request.owner is not None:
        refused = fill(meeting.connection, "import_refused", meeting.request.table, meeting.spools.refused)
        keys = tuple(each for each in (known, refused) if each is not None)
        table, owner = meeting.request.table, meeting.request.owner
        remove_lacking(meeting, Lacking(table, owner, keys, matched, meeting.import_id), tally)


def merge_known(meeting: Meeting, known: Table, tally: Tally) -> None:
    """The rows whose key the layer has."""
    rows = meeting.spools.known.rows
    if meeting.request.on_duplicate != "update":
        tally.skipped += rows
        return
    if not meeting.is_trial:
        changing = known_rows.select_changing(meeting.request.table, known)
        require_free_rows(meeting.connection, meeting.request.layer.id, changing)
    act = known_rows.count_changes if meeting.is_trial else known_rows.change
    changed = act(meeting.connection, meeting.request.table, known)
    tally.updated += changed
    tally.unchanged += rows - changed


def merge_keyless(meeting: Meeting, keyless: Table, tally: Tally) -> Table:
    """The rows without a key; returns those that were matched with rows of the layer."""
    connection, table = meeting.connection, meeting.request.table
    matched = keyless_rows.match(connection, table, keyless, meeting.import_id)
    there = keyless_rows.count(connection, matched)
    if not meeting.is_trial:
        keyless_rows.add_new(connection, table, keyless, matched)
    tally.unchanged += there
    tally.inserted += meeting.spools.keyless.rows - there
    return matched


def remove_lacking(meeting: Meeting, lacking: Lacking, tally: Tally) -> None:
    """The rows of the owner that the file lacks."""
    tally.deleted, tally.deleted_rows = lacking_rows.describe(meeting.connection, lacking)
    if not meeting.is_trial:
        require_free_rows(meeting.connection, meeting.request.layer.id, lacking_rows.select_ids(lacking))
        lacking_rows.remove(meeting.connection, lacking)
