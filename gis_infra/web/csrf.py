"""A request that changes something and rides on the session cookie must carry the session's own token.

Bearer tokens are not sent by a browser of itself. A password of HTTP Basic is, once somebody typed it into the
browser's own window; such a request carries no token, and is refused when the browser says that another site sent it:
in a header of its own, which it leaves out where the address is plain http, and in Origin, which it never does.
"""

import base64
import binascii
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, request, session
from flask_login import current_user

from gis_infra.accounts.secrets import make_secret
from gis_infra.errors import NotPermitted
from gis_infra.web import authorization
from gis_infra.web.actors import is_session_held
from gis_infra.web.addresses import get_origin

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_KEY = "csrf"
HEADER = "X-CSRF-Token"
FORM_FIELD = "csrf_token"
# What browsers alone send. Source: W3C Fetch Metadata Request Headers, clause 2.4.
SITE_HEADER = "Sec-Fetch-Site"
OTHER_SITES = frozenset({"cross-site", "same-site"})


def get_token() -> str:
    """The token of this session in new letters each time; a page gives it back in a header or a form field.

    Pages are compressed and repeat what stands in their address: of the same letters every time, somebody who sees how
    long answers are could guess one after the other. Source: Gluck, Harris and Prado, "BREACH", 2013, clause 3.4.
    """
    plain = get_secret().encode()
    mask = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(mask + mix(mask, plain)).decode()


def get_secret() -> str:
    """What every token of this session says, made at first use."""
    if SESSION_KEY not in session:
        session[SESSION_KEY] = make_secret()
    return str(session[SESSION_KEY])


def mix(mask: bytes, content: bytes) -> bytes:
    """Each byte with that of the mask; done again, the content as it was."""
    return bytes(one ^ other for one, other in zip(mask, content, strict=True))


def read_token(token: str) -> bytes:
    """What a token says; empty for what is none."""
    try:
        both = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
    half = len(both) // 2
    return mix(both[:half], both[half:]) if len(both) == 2 * half else b""


def register(app: Flask) -> None:
    """Check every request of the application before its view."""
    app.before_request(require_token)


def require_token() -> None:
    """Return if the request is safe, or was meant. Raises NotPermitted."""
    if request.method not in SAFE_METHODS:
        require_intended()


def require_intended() -> None:
    """Return if the request is not by cookie nor from another site, or carries the right token.

    For changes, and for the few that protocols ask of a URL: a link to one can stand on any page. Raises NotPermitted.
    """
    if request.headers.get(SITE_HEADER) in OTHER_SITES:
        raise NotPermitted("a page of another site may not change anything here", where=SITE_HEADER)
    # An Authorization header beside the cookie changes nothing: it is the cookie that is heard.
    if not is_session_held() or not current_user.is_authenticated:
        require_own_page()
        return
    require_same(request.headers.get(HEADER) or request.form.get(FORM_FIELD) or "")


def require_own_page() -> None:
    """Return if this request has no password a browser sends of itself, or no page of another site sent it.

    Programs send no Origin; pages do with every change. Raises NotPermitted. Source: Fetch, clause 3.2 (`Origin`).
    """
    origin, header = request.headers.get("Origin"), authorization.read(request)
    if origin is None or header is None or header.type != "basic":
        return
    if urlsplit(origin).netloc not in {request.host, urlsplit(get_origin()).netloc}:
        raise NotPermitted("a page of another site may not change anything here", where="Origin")


def require_same(token: str) -> None:
    """Return if this is a token of the session, or what all of them say. Raises NotPermitted."""
    secret = get_secret().encode()
    if not any(hmac.compare_digest(each, secret) for each in (read_token(token), token.encode())):
        raise NotPermitted("the page is out of date; load it again and repeat what you did", where=HEADER)
