// What the console asks for, put together of one or several queries.

import * as Q from "./queries";
import type { Node } from "./scene";
import {
  type Answered,
  type Card,
  type Entity,
  type Fact,
  factOf,
  type Finding,
  type NeighbourCount,
  type Page,
} from "./types";

export type Query = <T>(text: string, variables: object, purpose?: string) => Promise<T>;

/** A finding with the facts that carry it, as many as are drawn, and all that they touch. */
export interface Explained {
  finding: Finding;
  evidence: Fact[];
  total: number;
  nodes: Node[];
}

const EVIDENCE_PAGES = 2; // of 200 facts; more than that is a picture of nothing
const IDS_AT_ONCE = 50;
const TIES_AT_ONCE = 40; // what an operation may ask for is bounded (docs/api.md)
const TIES_OF = 200;

export async function readCard(query: Query, id: string): Promise<Card> {
  return (await query<{ entity: Card }>(Q.ENTITY, { id })).entity;
}

export async function readFinding(query: Query, id: string): Promise<Explained> {
  const { finding } = await query<{ finding: Finding }>(Q.FINDING, { id });
  const nodes = new Map<string, Node>();
  for (const { node } of finding.members.edges) {
    if (node.entity) nodes.set(node.entity.id, { ...node.entity, role: node.role, roleLabel: node.roleLabel });
  }
  const evidence: Fact[] = [];
  let total = 0;
  let after: string | null = null;
  for (let page = 0; page < EVIDENCE_PAGES; page++) {
    const told: Page<Answered<Entity>> = await readEvidence(query, id, after);
    for (const { node } of told.edges) {
      const fact = factOf(node);
      if (fact) evidence.push(fact);
      for (const end of [node.source, node.target]) {
        if (end && !nodes.has(end.id)) nodes.set(end.id, end);
      }
    }
    total = told.total;
    after = told.pageInfo?.endCursor ?? null;
    if (!told.pageInfo?.hasNextPage) break;
  }
  return { finding, evidence, total, nodes: [...nodes.values()] };
}

async function readEvidence(query: Query, id: string, after: string | null) {
  type Told = { finding: { evidence: Page<Answered<Entity>> } };
  return (await query<Told>(Q.EVIDENCE, { id, after })).finding.evidence;
}

/** Whose the numbers, accounts and handsets among `nodes` are; of the first 200 that may tell. */
export async function readTies(query: Query, nodes: Node[]): Promise<Fact[]> {
  type Ends = { edges: { edge: Omit<Fact, "source" | "target">; node: { id: string } | null }[] };
  type Told = { id: string } & Record<"HOLDS" | "OWNS_PHONE" | "USES_DEVICE", Ends | undefined>;
  const telling = nodes.filter((one) => !one.redacted && one.kind !== "Device").slice(0, TIES_OF);
  const read = chunks(telling, TIES_AT_ONCE).map((some) => {
    const owners = some.filter((one) => !isThing(one)).map((one) => one.id);
    const things = some.filter(isThing).map((one) => one.id);
    return query<{ owners: (Told | null)[]; things: (Told | null)[] }>(Q.TIES, { owners, things });
  });
  const facts: Fact[] = [];
  for (const { owners, things } of await Promise.all(read)) {
    for (const one of [...owners, ...things]) {
      if (!one) continue;
      for (const { edge, node } of [one.HOLDS, one.OWNS_PHONE, one.USES_DEVICE].flatMap((ends) => ends?.edges ?? [])) {
        if (node) facts.push({ ...edge, source: one.id, target: node.id });
      }
    }
  }
  return facts;
}

const isThing = (node: Node) => node.kind === "Phone" || node.kind === "Account";

/** A page of neighbours over one kind of edge. */
export async function readNeighbours(query: Query, id: string, over: NeighbourCount, after: string | null) {
  type Row = { edge: Answered; node: Entity | null };
  type Told = { entity: { neighbours: { total: number; edges: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } };
  const { edgeKind, direction } = over;
  const told = await query<Told>(Q.NEIGHBOURS, { id, edgeKind, direction, after });
  const { edges, pageInfo } = told.entity.neighbours;
  return {
    entities: edges.flatMap((one) => (one.node ? [one.node] : [])),
    facts: edges.flatMap((one) => factOf(one.edge) ?? []),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}

/** A shortest chain; null when there is none. */
export async function readPath(query: Query, source: string, target: string) {
  type Told = { shortestPath: { entities: (Entity | null)[]; edges: (Answered | null)[] } | null };
  const { shortestPath } = await query<Told>(Q.PATH, { source, target });
  if (!shortestPath) return null;
  return {
    entities: shortestPath.entities.filter((one) => one !== null),
    facts: shortestPath.edges.flatMap((one) => (one && factOf(one)) ?? []),
  };
}

export async function readBriefs(query: Query, nodes: Iterable<Node>): Promise<Entity[]> {
  return readMany<Entity>(query, Q.BRIEFS, nodes);
}

/** Entities as they are written to a file: read with the purpose `export`, on record as such. */
export async function readForExport(query: Query, nodes: Iterable<Node>) {
  return readMany<Entity & { key: string }>(query, Q.EXPORT, nodes, "export");
}

/** Of many by their ids; what stands for something outside cannot be read, and is left out. */
async function readMany<T>(query: Query, text: string, nodes: Iterable<Node>, purpose?: string): Promise<T[]> {
  const ids = [...nodes].flatMap((one) => (one.redacted ? [] : [one.id]));
  const found: T[] = [];
  for (const some of chunks(ids, IDS_AT_ONCE)) {
    const { entities } = await query<{ entities: (T | null)[] }>(text, { ids: some }, purpose);
    for (const one of entities) if (one) found.push(one);
  }
  return found;
}

function chunks<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
