"""Transaction, from the request to the answer: the one place of it that has the database."""

from dataclasses import replace

from gis_infra.errors import ConflictError, GisInfraError, InvalidFeature, NotPermitted, UnknownFeature
from gis_infra.storage.transactions import writing
from gis_infra.web.wfs.faults import ActionRefused, UnreadableRequest
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.service import Answer, Service, answer_whole
from gis_infra.web.wfs.transactions import answers, locking
from gis_infra.web.wfs.transactions.actions import Transaction
from gis_infra.web.wfs.transactions.carrying import Deed, carry_out
from gis_infra.web.wfs.transactions.reading import read_transaction
from gis_infra.web.wfs.transactions.systems import Systems

# What 1.0.0 tells of in its answer; everything else is a report, as in the other versions. QGIS does not read the
# report of an answer 403, and its user would not learn what may not be edited.
FAILURES: tuple[type[GisInfraError], ...] = (InvalidFeature, ConflictError, UnknownFeature, ActionRefused, NotPermitted)


def answer_transaction(request: Request, service: Service) -> Answer:
    """Transaction: changes as they are posted in XML; those of a URL are refused, because a link can be followed.

    Raises what `reading.read_transaction` and `carrying.carry_out` raise, and BusyError.
    """
    if request.root is None:
        raise UnreadableRequest("a Transaction is posted as XML", where="Transaction")
    systems = Systems(replace(service.city, version=request.version), service.services.settings.city_extent)
    try:
        deeds = keep(read_transaction(request.root, systems), service)
    except FAILURES as error:
        if request.version != "1.0.0":
            raise
        return answer_whole(answers.render_failure(error))
    return answer_whole(answers.render(request.version, deeds))


def keep(transaction: Transaction, service: Service) -> tuple[Deed, ...]:
    """Carry out a transaction, and keep it if all of it could be. Raises as `carrying.carry_out`, and BusyError."""
    services = service.services
    with writing(services.engine, services.settings.read_limit_s) as connection:
        locking.present(connection, transaction.claim, service.actor)
        deeds = carry_out(connection, services.tables, transaction, service.actor)
        locking.settle(connection, transaction.claim, deeds)
    return deeds
