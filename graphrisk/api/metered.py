"""Counts GraphQL operations for ``/metrics``; apart, for the scores process has no GraphQL."""

from __future__ import annotations

import time
from collections.abc import Iterator

from graphql import get_operation_ast
from strawberry.extensions import SchemaExtension

from graphrisk.api.metrics import NONE, Meter


class MeteredGraphQL(SchemaExtension):
    """Counts GraphQL operations, whichever way they come."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def on_operation(self) -> Iterator[None]:
        """Around a whole operation."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._meter.operation(self._kind(), self._outcome(), time.perf_counter() - began)

    def _kind(self) -> str:
        asked = self.execution_context
        document = asked.graphql_document
        found = document and get_operation_ast(document, asked.operation_name)
        return found.operation.value if found else NONE

    def _outcome(self) -> str:
        asked = self.execution_context
        if asked.pre_execution_errors:
            return "refused"
        return "errors" if asked.result is not None and asked.result.errors else "ok"
