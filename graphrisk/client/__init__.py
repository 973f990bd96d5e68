"""The service from outside: typed operations, and two clients that send them.

``operations`` is written by ``make docs`` from the schema and from ``documents``.
"""

from graphrisk.client.asynchronous import AsyncClient
from graphrisk.client.blocking import Client
from graphrisk.client.requests import Backoff

__all__ = ["AsyncClient", "Backoff", "Client"]
