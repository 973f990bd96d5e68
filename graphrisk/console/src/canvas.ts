// The picture: a scene drawn with sigma. Knows nothing of the page around it.

import Graph from "graphology";
import Sigma from "sigma";
import {
  extremityArrow,
  layerFill,
  layerPlain,
  pathCurved,
  pathLine,
  pathLoop,
  sdfCircle,
  sdfDiamond,
  sdfSquare,
  sdfTriangle,
} from "sigma/rendering";
import type { Order } from "./layout.worker";
import { begin, type Place, type Places, settle, WORKER_FROM } from "./layout";
import { colorOf, legendOf, lineColor, shapeOf } from "./paint";
import { lines, type Scene } from "./scene";
import { DEFAULT_STYLES } from "sigma/types";

const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
const INK = "#1c2733";
const ROUNDS = { all: 400, some: 120, large: 80 };
/** Beyond this many nodes names are drawn only for what is pointed at. */
const NAMES_UP_TO = 2_000;

export class Picture {
  readonly graph = new Graph({ multi: true, type: "directed" });
  private readonly places: Places = new Map();
  private readonly sigma: Sigma;
  private worker: Worker | null = null;
  private selected: string | null = null;

  constructor(container: HTMLElement, onOpen: (id: string) => void) {
    this.sigma = drawn(this.graph, container);
    this.sigma.on("clickNode", ({ node }) => onOpen(node));
    this.sigma.on("nodeDragEnd", ({ allDraggedNodes }) => {
      for (const id of allDraggedNodes) this.places.set(id, this.placeOf(id));
    });
  }

  /** Draws a scene; what is new comes beside `origin`, and what stands stays where it is. */
  show(scene: Scene, origin?: string): Promise<void> {
    const stood = this.graph.order;
    this.replace(scene);
    const fresh = this.graph.filterNodes((id) => !this.places.has(id));
    begin(this.graph, this.places, origin);
    if (fresh.length === 0) return this.done();
    const isAnew = stood === 0 || fresh.length >= this.graph.order * 0.7;
    return isAnew ? this.arrange() : this.join(new Set(fresh));
  }

  /** Lays everything out anew. */
  arrange(): Promise<void> {
    if (this.graph.order >= WORKER_FROM) return this.arrangeBeside();
    this.places.clear();
    begin(this.graph, this.places);
    settle(this.graph, ROUNDS.all);
    return this.done();
  }

  select(id: string | null): void {
    if (this.selected && this.graph.hasNode(this.selected)) {
      this.sigma.setNodeState(this.selected, { isHighlighted: false });
    }
    this.selected = id && this.graph.hasNode(id) ? id : null;
    if (this.selected) this.sigma.setNodeState(this.selected, { isHighlighted: true });
  }

  fit(): void {
    void this.sigma.getCamera().reset({ duration: 200 });
  }

  /** The picture as it is seen now, on white. */
  copy(): HTMLCanvasElement {
    this.sigma.refresh({ schedule: false }); // a drawing buffer is kept until the task ends
    const stage = this.sigma.getStageCanvas();
    const copy = document.createElement("canvas");
    copy.width = stage.width;
    copy.height = stage.height;
    const paper = copy.getContext("2d");
    if (!paper) throw new Error("no canvas");
    paper.fillStyle = "#ffffff";
    paper.fillRect(0, 0, copy.width, copy.height);
    paper.drawImage(stage, 0, 0);
    return copy;
  }

  kill(): void {
    this.worker?.terminate();
    this.sigma.kill();
  }

  private replace(scene: Scene): void {
    const legend = legendOf(scene);
    this.worker?.terminate();
    this.graph.clear();
    for (const node of scene.nodes.values()) {
      this.graph.addNode(node.id, {
        ...(this.places.get(node.id) ?? { x: 0, y: 0 }),
        label: this.nameOf(node.caption, scene.nodes.size),
        size: node.role ? 7 + 4 * (node.score?.value ?? 0) : 6,
        color: colorOf(node, legend),
        shape: shapeOf(node.kind),
      });
    }
    for (const line of lines(scene)) {
      this.graph.addEdgeWithKey(line.key, line.source, line.target, {
        size: Math.min(1 + Math.log2(line.facts.length), 5),
        color: lineColor(line.facts[0]?.kind ?? ""),
      });
    }
    for (const id of this.places.keys()) if (!this.graph.hasNode(id)) this.places.delete(id);
  }

  private nameOf(caption: string, nodes: number): string {
    return nodes > NAMES_UP_TO ? "" : caption.replace(/\*{4,}/, "…");
  }

  private placeOf(id: string): Place {
    const { x, y } = this.graph.getNodeAttributes(id) as Place;
    return { x, y };
  }

  private join(fresh: Set<string>): Promise<void> {
    this.graph.forEachNode((id) => this.graph.setNodeAttribute(id, "fixed", !fresh.has(id)));
    settle(this.graph, ROUNDS.some);
    return this.done();
  }

  private arrangeBeside(): Promise<void> {
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    this.worker = worker;
    const order: Order = {
      places: this.graph.mapNodes((id): [string, Place] => [id, this.placeOf(id)]),
      edges: this.graph.mapEdges((_, __, source, target): [string, string] => [source, target]),
      rounds: ROUNDS.large,
    };
    return new Promise((resolve, reject) => {
      worker.onerror = () => reject(new Error("the layout failed"));
      worker.onmessage = (message: MessageEvent<[string, Place][]>) => {
        for (const [id, place] of message.data) this.graph.mergeNodeAttributes(id, place);
        worker.terminate();
        resolve(this.done());
      };
      worker.postMessage(order);
    });
  }

  private done(): Promise<void> {
    this.graph.forEachNode((id) => this.places.set(id, this.placeOf(id)));
    this.sigma.refresh({ schedule: false });
    this.select(this.selected);
    return Promise.resolve();
  }
}

/** Sigma on a graph, with our shapes and arrows. */
function drawn(graph: Graph, container: HTMLElement): Sigma {
  return new Sigma(graph, container, {
    primitives: {
      nodes: {
        shapes: [sdfCircle(), sdfSquare({ cornerRadius: 0.15 }), sdfDiamond(), sdfTriangle()],
        layers: [layerFill()],
      },
      edges: {
        paths: [pathLine(), pathCurved(), pathLoop()],
        extremities: [extremityArrow()],
        layers: [layerPlain()],
      },
    },
    styles: {
      nodes: [
        DEFAULT_STYLES.nodes,
        {
          shape: { attribute: "shape", defaultValue: "circle" },
          labelFont: FONT,
          labelSize: 12,
          labelColor: INK,
          cursor: "pointer",
        },
        {
          whenState: "isHighlighted",
          then: {
            backdropVisibility: "visible",
            backdropColor: "#fff6d6",
            backdropShadowColor: "#b07a00",
            backdropShadowBlur: 6,
            backdropPadding: 4,
            labelVisibility: "visible",
          },
        },
      ],
      edges: [DEFAULT_STYLES.edges, { head: "arrow", parallelPath: "curved" }],
    },
    settings: {
      itemSizesReference: "screen",
      labelRenderedSizeThreshold: 4,
      labelDensity: 1,
      labelGridCellSize: 110,
      stagePadding: 40,
      hideEdgesOnMove: graph.size > 5_000,
      enableNodeDrag: true,
      enableCameraRotation: false,
      gestureTarget: "graph",
    },
  });
}
