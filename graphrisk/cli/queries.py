"""Three queries worth trying on the demo's city; each runs as it stands."""

from __future__ import annotations

THREE_QUERIES = (
    (
        "The strongest rings: why, who in which role, and the rows of the files that say so",
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
        "A person by pinyin, with risk and surroundings: counts first, then a page of one kind",
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
        "Who stands behind a laundering cycle, and what the accounts' neighbours are",
        """\
{
  findings(kind: "laundering_cycle", first: 1) {
    edges { node {
      label { zh en }
      members(first: 10) { edges { node {
        roleLabel { zh en }
        entity {
          caption
          neighbours(edgeKind: HOLDS, direction: IN, first: 1) { edges { node { id caption } } }
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
