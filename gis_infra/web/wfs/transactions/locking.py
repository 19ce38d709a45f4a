"""The lock under which a Transaction comes: presented before its first change, released after its last."""

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.features.locks import keeping
from gis_infra.web.wfs.transactions.actions import LockClaim
from gis_infra.web.wfs.transactions.carrying import Deed


def present(connection: Connection, claim: LockClaim, actor: Actor) -> None:
    """Let the changes that follow touch what the lock holds, if one is named. Raises UnknownLock, LockExpired."""
    if claim.lock_id is not None:
        keeping.present(connection, claim.lock_id, actor)


def settle(connection: Connection, claim: LockClaim, deeds: tuple[Deed, ...]) -> None:
    """Release the lock that was presented, all of it or what was changed. Source: OGC 09-025r2 clause 15.2.3.1."""
    if claim.lock_id is not None:
        touched = {key for deed in deeds for key in deed.features}
        keeping.settle(connection, claim.lock_id, touched, releases_all=claim.release == "ALL")
