// What the service answers, as far as the queries in queries/ ask for it.

export interface Words {
  zh: string;
  en: string;
}

export interface Entity {
  id: string;
  kind: string;
  label: Words;
  caption: string;
  redacted: boolean;
  score?: { value: number } | null;
}

export interface Property {
  name: string;
  label: Words;
  type: string;
  unit: string | null;
  value: string | number | boolean | null;
  masked: boolean;
}

export interface Provenance {
  source: string;
  file: string;
  row: number | null;
  knownAt: string | null;
}

/** A fact between two entities, by their ids. */
export interface Fact {
  id: string;
  kind: string;
  label: Words;
  source: string;
  target: string;
  properties: Property[];
  validFrom: string | null;
  validTo: string | null;
  provenance: Provenance | null;
}

/** A fact as it is answered: its ends are objects, null when they were erased. */
export type Answered<End extends { id: string } = { id: string }> = Omit<Fact, "source" | "target"> & {
  source: End | null;
  target: End | null;
};

export interface Reason {
  code: string;
  contribution: number;
  sentence: Words;
}

export interface NeighbourCount {
  edgeKind: string;
  label: Words;
  direction: "OUT" | "IN";
  count: number;
}

export interface Card extends Entity {
  key: string;
  properties: Property[];
  score: { value: number; reasons: Reason[]; run: { startedAt: string; model: string } } | null;
  findings: { id: string; label: Words; score: number }[];
  neighbourCounts: NeighbourCount[];
}

export interface FindingLine {
  id: string;
  kind: string;
  label: Words;
  score: number;
  redacted: boolean;
  reasons: { sentence: Words }[];
}

export interface Member {
  role: string;
  roleLabel: Words;
  entity: Entity | null;
}

export interface Finding extends Omit<FindingLine, "reasons"> {
  doubts: Words[];
  reasons: Reason[];
  community: { sentence: Words; isReliable: boolean } | null;
  run: { startedAt: string; model: string; snapshot: string } | null;
  lineage: { event: string } | null;
  members: Page<Member>;
}

export interface Page<T> {
  total: number;
  edges: { node: T }[];
  pageInfo?: { hasNextPage: boolean; endCursor: string | null };
}

export interface Me {
  name: string;
  roles: string[];
  areas: string[];
}

export function factOf(answered: Answered): Fact | null {
  const { source, target, ...rest } = answered;
  return source && target ? { ...rest, source: source.id, target: target.id } : null;
}
