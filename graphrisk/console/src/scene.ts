// What is drawn, as values: each step gives a new scene, and the history keeps the ones before.

import type { Entity, Fact, Words } from "./types";

export interface Node extends Entity {
  role?: string;
  roleLabel?: Words;
}

export interface Scene {
  nodes: ReadonlyMap<string, Node>;
  facts: ReadonlyMap<string, Fact>;
}

export interface History {
  past: readonly Scene[];
  now: Scene;
  future: readonly Scene[];
}

export const EMPTY: Scene = { nodes: new Map(), facts: new Map() };
export const BEGIN: History = { past: [], now: EMPTY, future: [] };
const KEPT = 50;

/** The scene with more in it. What is known of a node stays; facts without both ends are left out. */
export function withMore(scene: Scene, nodes: Iterable<Node>, facts: Iterable<Fact>): Scene {
  const all = new Map(scene.nodes);
  for (const node of nodes) all.set(node.id, { ...all.get(node.id), ...node });
  const joined = new Map(scene.facts);
  for (const fact of facts) {
    if (all.has(fact.source) && all.has(fact.target)) joined.set(fact.id, fact);
  }
  return { nodes: all, facts: joined };
}

/** The scene without a node and its facts. */
export function without(scene: Scene, id: string): Scene {
  const nodes = new Map(scene.nodes);
  nodes.delete(id);
  const kept = [...scene.facts].filter(([, one]) => one.source !== id && one.target !== id);
  return { nodes, facts: new Map(kept) };
}

export function step(history: History, now: Scene): History {
  return { past: [...history.past.slice(-KEPT), history.now], now, future: [] };
}

export function undo(history: History): History {
  const now = history.past.at(-1);
  if (!now) return history;
  return { past: history.past.slice(0, -1), now, future: [history.now, ...history.future] };
}

export function redo(history: History): History {
  const [now, ...future] = history.future;
  return now ? { past: [...history.past, history.now], now, future } : history;
}

/** Facts of one kind between the same ends, drawn as one line. */
export interface Line {
  key: string;
  source: string;
  target: string;
  label: Words;
  facts: Fact[];
}

export function lines(scene: Scene): Line[] {
  const found = new Map<string, Line>();
  for (const fact of scene.facts.values()) {
    const key = `${fact.source} ${fact.kind} ${fact.target}`;
    const line = found.get(key);
    if (line) line.facts.push(fact);
    else found.set(key, { key, source: fact.source, target: fact.target, label: fact.label, facts: [fact] });
  }
  return [...found.values()];
}
