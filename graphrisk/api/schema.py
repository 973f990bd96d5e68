"""The GraphQL schema: types, scalars and limits put together."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

from graphql import GraphQLError
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError

from graphrisk.api.faults import write_down
from graphrisk.api.graphql_errors import is_unforeseen, told_error
from graphrisk.api.limits import Limits, token_limit
from graphrisk.api.metered import MeteredGraphQL
from graphrisk.api.metrics import Meter
from graphrisk.api.mutation import Mutation
from graphrisk.api.plain import PlainExecutor
from graphrisk.api.profiles import OPEN, HideSchema, Profile, trusted_alone
from graphrisk.api.query import Query
from graphrisk.api.streams import Connection
from graphrisk.api.subscription import Subscription
from graphrisk.api.types.scalars import SCALARS

#: Where the printed schema is kept, within the vocabulary's package.
FILE = "graphql/api.graphql"
#: How graphql-core begins to suggest a name.
_SUGGESTION = " Did you mean"


class ApiSchema(Schema):
    """Writes down faults only; a query's text holds what somebody looks for and stays out."""

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - as overridden
    ) -> None:
        """Log what nobody foresaw. No name is suggested: that would tell the schema."""
        for error in errors:
            error.message = error.message.partition(_SUGGESTION)[0]
            if is_unforeseen(error) and error.original_error is not None:
                write_down(error.original_error, ".".join(map(str, error.path or ())))

    async def stream(self, *args: Any, **kwargs: Any) -> StreamResult:
        """As the stock's; each operation of a connection has a context of its own.

        Errors leave as they do over HTTP: with a code, and with nothing from inside.
        """
        given = kwargs.get("context_value")
        if isinstance(given, Connection):
            kwargs["context_value"] = await given.context()
        return _translated(await super().stream(*args, **kwargs))


async def _translated(results: StreamResult) -> AsyncGenerator[Any, None]:
    async with aclosing(results):
        async for result in results:
            if isinstance(result, ExecutionResult | PreExecutionError) and result.errors:
                result.errors = [told_error(error) for error in result.errors]
            yield result


def build_schema(profile: Profile = OPEN, meter: Meter | None = None) -> ApiSchema:
    """The schema of the service, as a profile shows it; its operations are counted by ``meter``."""
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [token_limit, Limits]
    if not profile.is_open:
        extensions.append(HideSchema)
    if profile.trusted_alone and profile.documents is not None:
        extensions.append(trusted_alone(profile.documents))
    if meter is not None:
        extensions.insert(0, partial(MeteredGraphQL, meter))
    return ApiSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=extensions,
        execution_context_class=PlainExecutor,
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def render() -> str:
    """The schema in GraphQL's own language."""
    return print_schema(build_schema()) + "\n"
