"""A drawing that can be moved, zoomed and pointed at in a notebook, without any network."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

_HEIGHT = 560  # pixels


class Picture:
    """An SVG and the few lines of script that move it.

    Notebooks show it in a frame of its own; its policy keeps it from fetching anything.
    """

    def __init__(self, svg: str, title: str) -> None:
        self.svg = svg
        self.title = title

    def __repr__(self) -> str:
        return f"<picture {self.title!r}>"

    def html(self) -> str:
        """The page: the drawing, and how it is moved."""
        return _page().replace("{title}", escape(self.title)).replace("{svg}", self.svg)

    def _repr_html_(self) -> str:
        page = escape(self.html(), quote=True)
        return (
            f'<iframe width="100%" height="{_HEIGHT}" '
            f'style="border:1px solid #ccc" title="{escape(self.title)}" srcdoc="{page}"></iframe>'
        )


@cache
def _page() -> str:
    return files("graphrisk.analyst").joinpath("picture.html").read_text(encoding="utf-8")
