"""The web console 控制台: TypeScript sources in ``src``, and in ``dist`` what was built of them.

``make console`` builds; the api serves ``dist`` at ``/console/``, so that nobody else needs Node.
"""

from __future__ import annotations

from importlib.resources import files


def queries() -> list[str]:
    """Every operation that the page asks, as it sends it."""
    folder = files(__name__).joinpath("src", "queries")
    found = (file for file in folder.iterdir() if file.name.endswith(".graphql"))
    return [file.read_text("utf-8") for file in sorted(found, key=lambda file: file.name)]
