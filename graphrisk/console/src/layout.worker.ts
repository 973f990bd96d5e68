// Lays out a large scene beside the page. In and out go plain numbers.

import Graph from "graphology";
import { type Place, settle } from "./layout";

export interface Order {
  places: [string, Place][];
  edges: [string, string][];
  rounds: number;
}

self.addEventListener("message", (message: MessageEvent<Order>) => {
  const graph = new Graph({ multi: true, type: "directed" });
  for (const [id, place] of message.data.places) graph.addNode(id, { ...place, size: 4 });
  for (const [source, target] of message.data.edges) graph.addEdge(source, target);
  settle(graph, message.data.rounds);
  const places = graph.mapNodes((id, { x, y }): [string, Place] => [id, { x, y }]);
  self.postMessage(places);
});
