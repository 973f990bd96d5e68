// Draws a made-up scene with the console's own picture, and tells how long it took.

import { Picture } from "../src/canvas";
import type { Node, Scene } from "../src/scene";
import type { Fact } from "../src/types";

interface Taken {
  /** Milliseconds until the scene is seen, each node at its first place. */
  drawn: number;
  /** Milliseconds until each stands where its edges pull it. */
  arranged: number;
  /** Share of the canvas' pixels that are not blank. */
  inked: number;
}

declare global {
  interface Window {
    measure: (nodes: number, edges: number) => Promise<Taken>;
  }
}

window.measure = async (nodes, edges) => {
  const paper = document.getElementById("paper");
  if (!paper) throw new Error("no paper");
  paper.style.width = "1200px";
  paper.style.height = "800px";
  const scene = madeUp(nodes, edges);
  const picture = new Picture(paper, () => {});
  const begun = performance.now();
  const arranged = picture.show(scene);
  await frame();
  const drawn = performance.now() - begun;
  const inked = inkOf(picture.copy());
  await arranged;
  await frame();
  return { drawn, arranged: performance.now() - begun, inked };
};

/** After the next two frames the one before them has been painted. */
function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

function inkOf(canvas: HTMLCanvasElement): number {
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] !== 255) inked++;
  return inked / (data.length / 4);
}

/** Hubs and their neighbours, the same each time: a linear congruence draws the ends. */
function madeUp(nodes: number, edges: number): Scene {
  let state = 1;
  const draw = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  const label = { zh: "账户", en: "Account" };
  const kinds = ["Person", "Phone", "Account", "Device"];
  const all = Array.from({ length: nodes }, (_, n): [string, Node] => {
    const id = `n${n}`;
    return [id, { id, kind: kinds[n % kinds.length]!, label, caption: id, redacted: false }];
  });
  const facts = Array.from({ length: edges }, (_, n): [string, Fact] => {
    const hub = Math.floor(draw(nodes) ** 2 / nodes);
    const fact = {
      id: `f${n}`,
      kind: "TRANSFERRED",
      label,
      source: `n${hub}`,
      target: `n${draw(nodes)}`,
      properties: [],
      validFrom: null,
      validTo: null,
      provenance: null,
    };
    return [fact.id, fact];
  });
  return { nodes: new Map(all), facts: new Map(facts) };
}
