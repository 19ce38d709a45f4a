"""What must hold before and during a load; each function returns if it does, and raises if not."""

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import ACCESS_LEVELS, Layer
from gis_infra.errors import InvalidParameter, InvalidSource, NotPermitted
from gis_infra.transfer.reporting.tally import Tally
from gis_infra.transfer.request import ImportRequest


def require_importer(actor: Actor, layer: Layer) -> None:
    """Return if the actor may import into the layer and sees all its rows.

    An import writes over rows by their key and says which keys are taken: done by somebody from whom rows are hidden it
    would change them unseen and tell that they are there. Raises UnknownLayer, SignInNeeded, NotPermitted.
    """
    actor.require("import", layer)
    if actor.get_visible_levels(layer) != ACCESS_LEVELS:
        hidden = f"{actor.username} may not import into layer {layer.id}, of which some rows are hidden from them"
        raise NotPermitted(hidden, where=layer.id)


def require_owner(request: ImportRequest) -> None:
    """Return unless rows are to be replaced and nobody says whose. Raises InvalidParameter."""
    if request.replace and not request.owner:
        message = "replace deletes what one owner has and the file lacks, and no owner is named; name it with --owner"
        raise InvalidParameter(message, where="owner")


def require_whole(request: ImportRequest, tally: Tally) -> None:
    """Return if no row was rejected, or the request takes a part too. Raises InvalidSource, naming the first."""
    if request.whole and tally.rows > tally.accepted:
        raise InvalidSource(f"{describe_rejected(request, tally)}, so none was loaded: {find_first(tally)}")


def require_replaceable(request: ImportRequest, tally: Tally, owned: int) -> None:
    """Return if rows that the file lacks may be deleted, or none are to be. Raises InvalidSource.

    owned: accepted rows of the owner. A trial of a file with rejected rows goes on, to show them, and notes it.
    """
    if not request.replace:
        return
    if tally.rows > tally.accepted and not request.accept_rejected:
        if request.dry_run:
            tally.notes["rejected rows, because of which nothing would be replaced"] = tally.rows - tally.accepted
            return
        advice = "mend them, or delete all the same with --accept-rejected"
        found = f"{describe_rejected(request, tally)}, and what they are about could be deleted"
        raise InvalidSource(f"{found}; nothing was done; {advice}: {find_first(tally)}")
    if owned == 0:
        found = f"no row of {request.path.name} is of the owner {request.owner!r}"
        raise InvalidSource(f"{found}, so all that this owner has would be deleted; nothing was done", where="owner")


def describe_rejected(request: ImportRequest, tally: Tally) -> str:
    """How many rows were rejected, in words."""
    return f"{tally.rows - tally.accepted} of {tally.rows} rows of {request.path.name} were rejected"


def find_first(tally: Tally) -> str:
    """The first problem that rejects a row, in words."""
    return next((str(problem) for problem in tally.problems if problem.is_error), "")


def count_owned(accepted: pa.RecordBatch, owner: str | None) -> int:
    """How many of the rows are of an owner."""
    if "owner" not in accepted.schema.names:
        return 0
    return pc.sum(pc.equal(accepted.column("owner"), owner), min_count=0).as_py() or 0
