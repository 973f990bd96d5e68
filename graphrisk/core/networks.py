"""Networks that a setting names."""

from __future__ import annotations

import ipaddress

from graphrisk.core.errors import ConfigError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def read_networks(text: str, variable: str) -> tuple[Network, ...]:
    """Networks in the setting of this variable, parted by commas; ``ConfigError`` for others."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise ConfigError(f"{variable}: {error}") from error
