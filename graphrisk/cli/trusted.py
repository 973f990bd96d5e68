"""Commands around trusted GraphQL documents: ``documents add``, ``list``, ``remove``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_json, say_table
from graphrisk.core.errors import BadInput

if TYPE_CHECKING:
    from graphrisk.api.documents import TrustedDocuments

documents = typer.Typer(help="GraphQL documents that clients name by id: add, list, remove.")


@documents.command()
def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", exists=True, dir_okay=False, help="One document each, in UTF-8."
        ),
    ],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register documents that fit the schema, and print the id of each.

    Clients send `documentId` in place of `query`. With `GRAPHRISK_DOCUMENTS=trusted` no other is
    answered. Nothing is registered when one of them does not fit.
    """
    from graphrisk.api.checking import check_document

    texts = [_text(file) for file in files]
    for file, text in zip(files, texts, strict=True):
        for complaint in check_document(text):
            raise BadInput(complaint, file=str(file))
    names = _register(store).add(texts)
    if as_json:
        say_json(
            {"documents": [{"id": n, "file": str(f)} for n, f in zip(names, files, strict=True)]}
        )
    else:
        for name in names:
            say(name)


@documents.command(name="list")
def listing(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the documents that are trusted, with the names of their operations."""
    from graphrisk.api.checking import operations_of

    held = {name: operations_of(text) for name, text in _register(store).listing().items()}
    if as_json:
        say_json({"documents": [{"id": n, "operations": names} for n, names in held.items()]})
    else:
        rows = [(name, ", ".join(names)) for name, names in held.items()]
        say_table("Trusted documents", ("id", "operations"), rows)


@documents.command()
def remove(
    document: Annotated[str, typer.Argument(metavar="ID", help="As `list` tells it.")],
    store: StoreOption = None,
) -> None:
    """Trust a document no longer, from the next request on."""
    _register(store).remove(document)


def _register(store: str | None) -> TrustedDocuments:
    from graphrisk.api.documents import TrustedDocuments
    from graphrisk.settings import read_settings

    return TrustedDocuments(read_settings(store).documents_file)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("a document is in UTF-8", file=str(file)) from error
