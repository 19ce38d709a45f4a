"""What every operation is given besides its request, and what it gives back. No operation knows Flask."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from gis_infra.accounts.actor import Actor
from gis_infra.web.context import Services
from gis_infra.web.wfs.requests.city import City

XML_TYPE = "text/xml; charset=UTF-8"


@dataclass(frozen=True)
class Service:
    """The application, who asks, and the address of the WFS as that client reaches it."""

    services: Services
    actor: Actor
    address: str

    @property
    def city(self) -> City:
        """What a request is read against."""
        settings = self.services.settings
        return City(self.services.catalogue, self.actor, settings.city_srid, settings.max_page, settings.count_limit)


@dataclass(frozen=True)
class Answer:
    """What is sent.

    body: in pieces; what goes wrong before the first of them is still told in a report. file: the name under which it
    is kept, "" for a document of the protocol.
    """

    body: Iterable[bytes]
    content_type: str = XML_TYPE
    status: HTTPStatus = HTTPStatus.OK
    file: str = ""


def answer_whole(document: bytes) -> Answer:
    """An XML document that is there already."""
    return Answer([document])
