"""A finding as a picture (SVG): who has which role, and the facts that join them.

Colour is the role, shape the kind. Money and calls are the evidence; thin lines say who owns what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.explain import kind_name, role_name
from graphrisk.analysis.model import Finding
from graphrisk.store.contract import Int64Array, NeighbourQuery, Reader
from graphrisk_algorithms.kernels.layout import positions
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

_MAX_EDGES = 300
_MAX_TIES = 20  # of one kind at one member
_MARGIN = 60.0
_STEP = 100.0  # pixels a node's share of the plane
_RADIUS = 11.0
_HEAD = 92.0
#: Colours of the roles by name, apart for colour-blind readers (Okabe and Ito 2008).
_PALETTE = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_OUTSIDER = "#c8c8c8"
#: Outlines around (0, 0); every other kind is a circle.
_SHAPES = {
    "Phone": "M-9-10H9V10H-9Z",
    "Account": "M0-13 13 0 0 13-13 0Z",
    "Device": "M-7-11H7L13 0 7 11H-7L-13 0Z",
}
_CIRCLE = "M-11 0a11 11 0 1 0 22 0a11 11 0 1 0-22 0Z"

Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Edge:
    kind: str
    src: int  # nid
    dst: int


def picture(finding: Finding, reader: Reader, captions: Mapping[int, str]) -> str:
    """SVG text. At most 300 evidence edges are drawn; the picture says when there are more.

    Nodes that evidence touches but that are no members (people a ring called) are grey.
    """
    members = {member.nid: member for member in finding.members}
    evidence = list(_evidence(finding, reader))
    drawn = {*members, *(nid for edge in evidence for nid in (edge.src, edge.dst))}
    edges = list(dict.fromkeys([*evidence, *_ties(finding, reader, drawn)]))
    nids = np.array(sorted(drawn), dtype=np.int64)
    places = _places(nids, edges)
    at = dict(zip(nids.tolist(), places, strict=True))
    number = {nid: place for place, nid in enumerate(at)}  # of this drawing: a nid stays inside
    roles = sorted({member.role for member in finding.members})
    colours = {role: _PALETTE[n % len(_PALETTE)] for n, role in enumerate(roles)}
    legend, legend_width = _legend(finding, colours)
    body = [
        *legend,
        *(_line(edge, at, number) for edge in edges),
    ]
    for nid in at:
        member = members.get(nid)
        colour = _OUTSIDER if member is None else colours[member.role]
        shape = _SHAPES.get("" if member is None else member.kind, _CIRCLE)
        body.append(_node(number[nid], at[nid], shape, colour, captions.get(nid, "")))
    width, height = places.max(axis=0, initial=0.0) + _MARGIN
    return _svg(max(float(width), legend_width), float(height), body)


def _evidence(finding: Finding, reader: Reader) -> Iterator[_Edge]:
    tables = reader.get_edges(np.array(finding.evidence[:_MAX_EDGES], dtype=np.int64))
    for kind, table in sorted(tables.items()):
        for src, dst in zip(*(table[end].to_pylist() for end in ("src", "dst")), strict=True):
            yield _Edge(kind, src, dst)


def _ties(finding: Finding, reader: Reader, drawn: set[int]) -> Iterator[_Edge]:
    """States that join a member to a node of the picture, or a holder floats beside the account."""
    for kind, described in load_schema().edges.items():
        if described.nature is not Nature.STATE:
            continue
        for nid in (one.nid for one in finding.members if one.kind in described.sources):
            page = reader.neighbours(NeighbourQuery(nid, kind, "out", limit=_MAX_TIES))
            yield from (
                _Edge(kind, nid, end) for end in page.rows["dst"].to_pylist() if end in drawn
            )


def _places(nids: Int64Array, edges: list[_Edge]) -> Places:
    """Where each node stands, in pixels."""
    src, dst = (
        np.searchsorted(nids, np.array([getattr(edge, end) for edge in edges], dtype=np.int64))
        for end in ("src", "dst")
    )
    places = positions(len(nids), src, dst)
    scale = _STEP * np.sqrt(len(nids)) / max(float(places.max(initial=0.0)), 1.0)
    moved: Places = places * scale + (_MARGIN, _MARGIN + _HEAD)
    return moved


def _legend(finding: Finding, colours: Mapping[str, str]) -> tuple[list[str], float]:
    """Title, roles and kinds in both languages, and how wide they are."""
    more = len(finding.evidence) - _MAX_EDGES
    note = f" · {more:,} more edges not drawn" if more > 0 else ""
    names = f"{kind_name(finding.kind, 'zh')} {kind_name(finding.kind, 'en')}"
    title = f"{names} · {finding.score:.2f} · {len(finding.members)} 成员 members{note}"
    parts = [f'<text x="20" y="28" class="title">{escape(title)}</text>']
    roles = [
        (f"{role_name(role, 'zh')} {role_name(role, 'en')}", colours[role]) for role in colours
    ]
    x = widest = 30.0
    for text, colour in [*roles, ("非成员 no member", _OUTSIDER)]:
        parts.append(f'<circle cx="{x:.0f}" cy="52" r="7" fill="{colour}"/>')
        parts.append(f'<text x="{x + 12:.0f}" y="56">{escape(text)}</text>')
        x += _width(text)
    widest, x = max(widest, x), 30.0
    for kind in sorted({member.kind for member in finding.members}):
        text = f"{load_schema().nodes[kind].label_zh} {load_schema().nodes[kind].label_en}"
        shape = f'<path d="{_SHAPES.get(kind, _CIRCLE)}" class="outline"/>'
        parts.append(f'<g transform="translate({x:.0f} 80) scale(.65)">{shape}</g>')
        parts.append(f'<text x="{x + 12:.0f}" y="84">{escape(text)}</text>')
        x += _width(text)
    return parts, max(widest, x)


def _width(text: str) -> float:
    """About the pixels a legend entry takes; a Chinese character is twice as wide."""
    return 40.0 + sum(13.0 if ord(sign) > 0x2E80 else 6.5 for sign in text)


def _line(edge: _Edge, at: Mapping[int, Places], number: Mapping[int, int]) -> str:
    """A line that ends at the rim of its target, so that an arrow head shows."""
    start, end = at[edge.src], at[edge.dst]
    length = float(np.hypot(*(end - start))) or 1.0
    tip = end - (end - start) / length * (_RADIUS + 4)
    style = {"TRANSFERRED": "money", "CALLED": "call"}.get(edge.kind, "tie")
    head = "" if style == "tie" else f' marker-end="url(#{style})"'
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{tip[0]:.1f}" y2="{tip[1]:.1f}" '
        f'class="{style}" data-src="{number[edge.src]}" data-dst="{number[edge.dst]}"{head}>'
        f"<title>{edge.kind}</title></line>"
    )


def _node(number: int, place: Places, shape: str, colour: str, caption: str) -> str:
    """The shape with its caption below; a run of masked signs is told as one."""
    short = escape(re.sub(r"\*{3,}", "…", caption))
    return (
        f'<g data-node="{number}" transform="translate({place[0]:.1f} {place[1]:.1f})">'
        f'<path d="{shape}" fill="{colour}"><title>{escape(caption)}</title></path>'
        f'<text y="24" class="label">{short}</text></g>'
    )


def _svg(width: float, height: float, body: list[str]) -> str:
    heads = "".join(
        f'<marker id="{style}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" '
        f'markerHeight="6" orient="auto"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
        for style, colour in (("money", "#b34700"), ("call", "#777"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">'
        "<style>text{font:12px sans-serif;fill:#222}.title{font-weight:bold;font-size:15px}"
        ".label{font-size:10px;text-anchor:middle}.outline{fill:#fff;stroke:#444;stroke-width:2}"
        ".money{stroke:#b34700;stroke-width:1.4}.call{stroke:#777;stroke-dasharray:4 3}"
        ".tie{stroke:#bbb}</style>"
        f'<defs>{heads}</defs><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(body)
        + "</svg>\n"
    )
