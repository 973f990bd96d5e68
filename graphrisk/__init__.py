"""graphrisk: a graph-based risk intelligence service for a city.

Analysts begin here: ``import graphrisk as gr; city = gr.open("sqlite:///FILE")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphrisk.access.model import Principal
    from graphrisk.analyst.session import Session

__all__ = ["open"]


def open(
    store: str | None = None,
    *,
    as_: Principal | None = None,
    purpose: str = "investigation",
    case: str | None = None,
) -> Session:
    """Open a deployment for analysis. What is read is recorded, whoever reads.

    Args:
        store: ``sqlite:///FILE`` or ``neo4j://USER@HOST:PORT``; ``None``: ``GRAPHRISK_STORE``, or
            the default.
        as_: Who reads; ``None``: whoever runs Python, who sees keys and personal values masked.
        purpose: Why, a code of the purpose vocabulary (see docs/api.md).
        case: The case worked on; without one nobody sees personal values in clear.

    Raises:
        ConfigError: The store or a setting is unusable.
        BadInput: An unknown purpose, or a case that is no number.
        StoreUnavailable: The store cannot be reached.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open(f"sqlite:///{folder}/graph.db") as city:
    ...     city.snapshot().counts
    {}
    """
    from graphrisk.analyst.session import opened  # at the call: the command line imports us as well

    return opened(store, as_, purpose, case)
