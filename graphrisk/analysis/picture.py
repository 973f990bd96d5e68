"""A finding as a picture (SVG): members by kind and role, and the edges that carried it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa

from graphrisk.analysis.model import Finding
from graphrisk.store.contract import Int64Array, Reader
from graphrisk_algorithms.layout import positions

_MAX_EDGES = 300
_MARGIN = 70.0
_STEP = 105.0  # pixels a node's share of the plane
_RADIUS = 11.0
_LEGEND_HEIGHT = 64.0
#: Colours that stay apart for colour-blind readers (Okabe and Ito 2008).
_COLOURS = {
    "Person": "#0072b2",
    "Phone": "#009e73",
    "Account": "#d55e00",
    "Device": "#cc79a7",
}
_OTHER_COLOUR = "#666666"
_OUTSIDER = "#bbbbbb"


@dataclass(frozen=True, slots=True)
class _Edge:
    kind: str
    src: int  # position in the drawing
    dst: int


def picture(finding: Finding, reader: Reader, captions: Mapping[int, str]) -> str:
    """SVG text. At most 300 evidence edges are drawn; the picture says when there are more.

    Nodes that evidence touches but that are no members (victims a ring called) are grey.
    """
    tables = reader.get_edges(np.array(finding.evidence[:_MAX_EDGES], dtype=np.int64))
    nids, edges = _number(finding, tables)
    src = np.array([edge.src for edge in edges], dtype=np.int64)
    dst = np.array([edge.dst for edge in edges], dtype=np.int64)
    places = positions(len(nids), src, dst)
    scale = _STEP * np.sqrt(len(nids)) / max(float(places.max(initial=0.0)), 1.0)
    places = places * scale + (_MARGIN, _MARGIN + _LEGEND_HEIGHT)
    width, height = places.max(axis=0) + _MARGIN
    body = [_legend(finding), *(_line(edge, places) for edge in _once(edges))]
    roles = {member.nid: (member.kind, member.role) for member in finding.members}
    for place, nid in zip(places, nids.tolist(), strict=True):
        body.append(_node(float(place[0]), float(place[1]), roles.get(nid), captions.get(nid, "")))
    return _svg(max(float(width), 560.0), float(height), body)


def _number(finding: Finding, tables: Mapping[str, pa.Table]) -> tuple[Int64Array, list[_Edge]]:
    members = np.array([member.nid for member in finding.members], dtype=np.int64)
    ends = [table[end].to_numpy() for table in tables.values() for end in ("src", "dst")]
    nids = np.unique(np.concatenate([members, *ends]))
    edges = [
        _Edge(kind, int(a), int(b))
        for kind, table in sorted(tables.items())
        for a, b in zip(
            np.searchsorted(nids, table["src"].to_numpy()),
            np.searchsorted(nids, table["dst"].to_numpy()),
            strict=True,
        )
    ]
    return nids, edges


def _once(edges: list[_Edge]) -> list[_Edge]:
    return list(dict.fromkeys(edges))


def _legend(finding: Finding) -> str:
    more = len(finding.evidence) - _MAX_EDGES
    note = f", {more:,} more edges not drawn" if more > 0 else ""
    title = f"{finding.kind}  {finding.score:.2f}  ({len(finding.members)} members{note})"
    parts = [f'<text x="20" y="28" class="title">{escape(title)}</text>']
    x = 26.0
    for kind, colour in [*_COLOURS.items(), ("not a member", _OUTSIDER)]:
        parts.append(f'<circle cx="{x}" cy="50" r="6" fill="{colour}"/>')
        parts.append(f'<text x="{x + 11}" y="54">{kind}</text>')
        x += 34.0 + 7.0 * len(kind)
    return "".join(parts)


def _line(edge: _Edge, places: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """A line that ends at the rim of its target, so that the arrow head shows."""
    start, end = places[edge.src], places[edge.dst]
    length = float(np.hypot(*(end - start))) or 1.0
    tip = end - (end - start) / length * (_RADIUS + 4)
    style = "money" if edge.kind == "TRANSFERRED" else "tie"
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{tip[0]:.1f}" y2="{tip[1]:.1f}" '
        f'class="{style}" marker-end="url(#tip)"><title>{edge.kind}</title></line>'
    )


def _node(x: float, y: float, member: tuple[str, str] | None, caption: str) -> str:
    kind, role = member if member is not None else ("", "")
    colour = _COLOURS.get(kind, _OTHER_COLOUR) if member is not None else _OUTSIDER
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}" fill="{colour}"/>'
        f'<text x="{x:.1f}" y="{y + 25:.1f}" class="label">{escape(caption)}</text>'
        f'<text x="{x:.1f}" y="{y - 16:.1f}" class="role">{escape(role)}</text>'
    )


def _svg(width: float, height: float, body: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">'
        "<style>text{font:12px sans-serif;fill:#222}.title{font-weight:bold;font-size:15px}"
        ".label{font-size:10px;text-anchor:middle}.role{font-size:9px;text-anchor:middle;fill:#777}"
        ".money{stroke:#d55e00;stroke-width:1.4}.tie{stroke:#999;stroke-width:1}</style>"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" '
        'markerHeight="6" orient="auto"><path d="M0 0 8 4 0 8z" fill="#888"/></marker></defs>'
        '<rect width="100%" height="100%" fill="#fff"/>' + "".join(body) + "</svg>\n"
    )
