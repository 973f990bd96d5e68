"""What the GraphQL door shows of itself: everything to developers, nothing in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, GraphQLError, ValidationRule, get_named_type
from strawberry.extensions import AddValidationRules, SchemaExtension

from graphrisk.api.documents import TrustedDocuments
from graphrisk.console import queries
from graphrisk.core.errors import Forbidden
from graphrisk.settings import Settings


@dataclass(frozen=True, slots=True)
class Profile:
    """Of one deployment.

    Attributes:
        is_open: Introspection is answered and the explorer page shown.
        documents: The register of trusted documents.
        trusted_alone: No other document is answered.
    """

    is_open: bool
    documents: TrustedDocuments | None = None
    trusted_alone: bool = False


#: As in a developer's own deployment, without a register.
OPEN = Profile(is_open=True)


def profile_of(settings: Settings) -> Profile:
    """The profile that the settings ask for."""
    return Profile(
        is_open=settings.profile == "development",
        documents=TrustedDocuments(settings.documents_file, shipped=queries()),
        trusted_alone=settings.documents == "trusted",
    )


class _NoIntrospection(ValidationRule):
    """``__schema`` and ``__type`` are refused; ``__typename`` is not."""

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        kind = get_named_type(self.context.get_type())
        if kind is not None and kind.name.startswith("__"):
            said = "the schema is not told here; it is printed in the documentation"
            told = {"code": Forbidden.code}
            self.report_error(GraphQLError(said, node, extensions=told))


class HideSchema(AddValidationRules):
    """Refuses introspection."""

    def __init__(self) -> None:
        super().__init__([_NoIntrospection])


def trusted_alone(documents: TrustedDocuments) -> type[SchemaExtension]:
    """An extension that lets nothing but these documents be executed, over every transport."""

    class TrustedAlone(SchemaExtension):
        """Looks at the text alone: who sends a trusted one in full is answered as well."""

        def on_operation(self) -> Iterator[None]:
            context = self.execution_context
            if not documents.holds(context.query or ""):
                refused = Forbidden("trusted documents alone are answered here: send documentId")
                context.pre_execution_errors = [GraphQLError(str(refused), original_error=refused)]
            yield

    return TrustedAlone
