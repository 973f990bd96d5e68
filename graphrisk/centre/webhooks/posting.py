"""The way out: POST to an address that is looked at first.

An address that somebody names could lead into the deployment's own network. So the name is
resolved here, each of its addresses has to be a public one or of a network that the deployment
allows, and the connection goes to the very address that was looked at: a name that leads
elsewhere a moment later changes nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from graphrisk.core.errors import Forbidden, StoreUnavailable
from graphrisk.core.networks import Network

_QUIET_SECONDS: Final = 5.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class HttpPost:
    """See ``Post``. Within ``allowed`` networks plain http is taken as well."""

    def __init__(self, allowed: Sequence[Network] = (), quiet: float = _QUIET_SECONDS) -> None:
        self._allowed = tuple(allowed)
        self._quiet = quiet
        self._tls = ssl.create_default_context()

    def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """See ``Post``."""
        parts = urlsplit(url)
        is_secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if is_secure else 80)
        address = self._address(host, port, is_secure)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(host, port, timeout=self._quiet)
        try:
            connection.sock = socket.create_connection((str(address), port), self._quiet)
            if is_secure:
                connection.sock = self._tls.wrap_socket(connection.sock, server_hostname=host)
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise StoreUnavailable(str(error) or type(error).__name__) from error
        finally:
            connection.close()

    def _address(self, host: str, port: int, is_secure: bool) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise StoreUnavailable("the host is not known") from error
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        for address in addresses:
            if not self._is_allowed(address, is_secure):
                raise Forbidden(
                    "the address is private, or not https: a deployment may allow its networks "
                    "(GRAPHRISK_WEBHOOK_NETWORKS)"
                )
        return addresses[0]

    def _is_allowed(self, address: Address, is_secure: bool) -> bool:
        bare = getattr(address, "ipv4_mapped", None) or address
        if any(bare in network for network in self._allowed):
            return True
        return is_secure and bare.is_global and not bare.is_multicast
