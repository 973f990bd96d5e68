// Where things stand: ForceAtlas2 from fixed beginnings, so that the same scene is the same picture.

import type Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";

export interface Place {
  x: number;
  y: number;
}

export type Places = Map<string, Place>;

/** Above this many nodes a layout is computed in a worker, so that the page goes on answering. */
export const WORKER_FROM = 1_500;
const TURN = Math.PI * (3 - Math.sqrt(5)); // the golden angle: no two points of a spiral meet

/** Gives each node without a place one: beside `origin`'s where it has one, else on a spiral. */
export function begin(graph: Graph, places: Places, origin?: string): void {
  const around = origin ? places.get(origin) : undefined;
  const fresh = graph.filterNodes((id) => !places.has(id));
  fresh.forEach((id, index) => {
    const radius = around ? 4 + Math.sqrt(index) * 3 : Math.sqrt(index + 1) * 10;
    places.set(id, {
      x: (around?.x ?? 0) + radius * Math.cos(index * TURN),
      y: (around?.y ?? 0) + radius * Math.sin(index * TURN),
    });
  });
  graph.updateEachNodeAttributes((id, attributes) => ({ ...attributes, ...places.get(id) }));
}

/** Moves the nodes that are not `fixed` to where their edges pull them. */
export function settle(graph: Graph, rounds: number): void {
  if (graph.order < 2) return;
  forceAtlas2.assign(graph, {
    iterations: rounds,
    settings: {
      ...forceAtlas2.inferSettings(graph),
      linLogMode: graph.order < 600,
      adjustSizes: graph.order < 600,
      outboundAttractionDistribution: true,
      gravity: graph.order < 600 ? 0.6 : 0.05,
      scalingRatio: graph.order < 600 ? 6 : 10,
      strongGravityMode: false,
      slowDown: 4,
      barnesHutOptimize: graph.order > 300,
    },
  });
}
