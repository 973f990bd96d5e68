"""The GraphQL schema: types, scalars and limits put together."""

from __future__ import annotations

from graphql import GraphQLError
from strawberry import Schema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graphrisk.api.faults import write_down
from graphrisk.api.graphql_errors import is_unforeseen
from graphrisk.api.limits import Limits, token_limit
from graphrisk.api.mutation import Mutation
from graphrisk.api.plain import PlainExecutor
from graphrisk.api.query import Query
from graphrisk.api.types.scalars import SCALARS

#: Where the printed schema is kept, within the vocabulary's package.
FILE = "graphql/api.graphql"


class ApiSchema(Schema):
    """Writes down faults only; a query's text holds what somebody looks for and stays out."""

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - as overridden
    ) -> None:
        """Log what nobody foresaw."""
        for error in errors:
            if is_unforeseen(error) and error.original_error is not None:
                write_down(error.original_error, ".".join(map(str, error.path or ())))


def build_schema() -> ApiSchema:
    """The schema of the service."""
    return ApiSchema(
        query=Query,
        mutation=Mutation,
        extensions=[token_limit, Limits],
        execution_context_class=PlainExecutor,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


def render() -> str:
    """The schema in GraphQL's own language."""
    return print_schema(build_schema()) + "\n"
