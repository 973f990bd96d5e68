"""Queries worth trying on the demo's city; each runs as it stands."""

from __future__ import annotations

THREE_QUERIES = (
    (
        "最可疑的团伙：理由、角色、证据出处 · The strongest rings: why, who, which rows say so",
        """\
{
  findings(first: 3) {
    total
    edges { node {
      id label { zh en } score
      reasons { contribution sentence { zh en } }
      members(first: 5) { total edges { node { roleLabel { zh en } entity { id caption } } } }
      evidence(first: 3) { total edges { node {
        label { zh en } source { caption } target { caption } provenance { file row }
      } } }
    } }
  }
}""",
    ),
    (
        "按拼音查人：风险与周边 · A person by pinyin, with risk and what is around",
        """\
{
  search(text: "wang", kinds: [Person], first: 3) {
    total
    entities {
      id caption
      score { value reasons { sentence { zh en } } }
      neighbourCounts { label { zh en } direction count }
      neighbours(edgeKind: HOLDS, first: 5) { total edges { node { id caption } } }
    }
  }
}""",
    ),
    (
        "洗钱回流环：账户是谁的、钱去了哪里 · A laundering cycle: whose accounts, where money went",
        """\
{
  findings(kind: "laundering_cycle", first: 1) {
    edges { node {
      label { zh en }
      members(first: 10) { edges { node {
        roleLabel { zh en }
        entity {
          caption
          holder: neighbours(edgeKind: HOLDS, direction: IN, first: 1) {
            edges { node { id caption } }
          }
          sent: neighbours(edgeKind: TRANSFERRED, first: 3) {
            total
            edges { node { caption } edge { properties { label { zh en } unit value } } }
          }
        }
      } } }
    } }
  }
}""",
    ),
)
