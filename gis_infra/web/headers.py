"""What every answer tells the browser about security."""

from flask import Flask, Response


def render_policy(outside: str = "") -> str:
    """The content security policy. outside: an origin whose pictures a page may fetch besides its own."""
    return "; ".join(
        (
            "default-src 'self'",
            *((f"connect-src 'self' {outside}",) if outside else ()),
            f"img-src 'self' data: blob: {outside}".rstrip(),
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


CONTENT_SECURITY_POLICY = render_policy()


def register(app: Flask) -> None:
    """Put the headers on every answer of the application."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """The same answer with the headers on; a policy of its own is left to it."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
