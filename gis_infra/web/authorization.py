"""The Authorization header as clients send it."""

from base64 import b64decode

from flask import Request
from werkzeug.datastructures import Authorization


def read(incoming: Request) -> Authorization | None:
    """The Authorization header of a request; None where there is none, or it cannot be read.

    A name and a password that are no UTF-8, which the challenge asks for, are taken for ISO 8859-1: QGIS up to 3.22
    sends them so. Source: RFC 7617, clause 2.1 and appendix B.3.
    """
    known = incoming.authorization
    kind, _, coded = incoming.headers.get("Authorization", "").partition(" ")
    if known is not None or kind.lower() != "basic":
        return known
    try:
        name, _, password = b64decode(coded.strip(), validate=True).decode("iso-8859-1").partition(":")
    except ValueError:
        return None
    return Authorization("basic", {"username": name, "password": password})
