"""What a proxy in front says of the client's own request, believed only where the proxy is one that is trusted.

Anybody can send `X-Forwarded-Host`; an answer that repeated it would give others addresses of an attacker's choice.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

Network = IPv4Network | IPv6Network


class TrustedProxies:
    """A WSGI application that reads X-Forwarded-For, -Proto, -Host, -Port and -Prefix if a trusted proxy sent them.

    Of several values the last counts, which the trusted proxy itself wrote.
    """

    def __init__(self, inner: Any, networks: tuple[Network, ...]) -> None:  # a WSGI application, in any of its types
        self.inner = inner
        self.behind_proxy = ProxyFix(inner, x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)
        self.networks = networks

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, its address being that which the client asked for."""
        trusted = self.is_trusted(environ.get("REMOTE_ADDR", ""))
        answer: Iterable[bytes] = (self.behind_proxy if trusted else self.inner)(environ, start_response)
        return answer

    def is_trusted(self, address: str) -> bool:
        """Whether the peer with that IP address is a trusted proxy; what is no IP address is none."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.networks)


def register(app: Flask, networks: tuple[Network, ...]) -> None:
    """Let the application hear the proxies of these networks."""
    if networks:
        app.wsgi_app = TrustedProxies(app.wsgi_app, networks)  # type: ignore[method-assign]  # as Flask recommends
