// Colours and shapes. Never colour alone: the shape tells the kind, and the legend names both.

import type { Node, Scene } from "./scene";
import type { Words } from "./types";

/** Colours of roles, apart for colour-blind readers (Okabe and Ito 2008). */
const ROLES = ["#d55e00", "#0072b2", "#009e73", "#b8548f", "#b07a00", "#3a8fc4"];
const OUTSIDER = "#8b97a3";
const STUB = "#c3cad1";

export const SHAPES = ["circle", "square", "diamond", "triangle"] as const;
export type Shape = (typeof SHAPES)[number];

const SHAPE_OF: Record<string, Shape> = {
  Phone: "square",
  Account: "diamond",
  Device: "triangle",
  Company: "triangle",
  Platform: "square",
  Fund: "diamond",
  Address: "square",
  GridCell: "square",
  Area: "square",
};

export const shapeOf = (kind: string): Shape => SHAPE_OF[kind] ?? "circle";

export interface Legend {
  roles: { role: string; label: Words; color: string }[];
  kinds: { kind: string; label: Words; shape: Shape }[];
}

/** Roles and kinds of a scene in the order in which they were drawn. */
export function legendOf(scene: Scene): Legend {
  const roles = new Map<string, Words>();
  const kinds = new Map<string, Words>();
  for (const node of scene.nodes.values()) {
    if (node.role && node.roleLabel && !roles.has(node.role)) roles.set(node.role, node.roleLabel);
    if (!kinds.has(node.kind)) kinds.set(node.kind, node.label);
  }
  return {
    roles: [...roles].map(([role, label], index) => ({
      role,
      label,
      color: ROLES[index % ROLES.length] ?? OUTSIDER,
    })),
    kinds: [...kinds].map(([kind, label]) => ({ kind, label, shape: shapeOf(kind) })),
  };
}

export function colorOf(node: Node, legend: Legend): string {
  if (node.redacted) return STUB;
  return legend.roles.find((one) => one.role === node.role)?.color ?? OUTSIDER;
}

/** What belongs to whom is thin and pale; money and calls are seen first. */
export function lineColor(kind: string): string {
  if (kind === "TRANSFERRED") return "#7d8fa3";
  return kind === "CALLED" ? "#a9b8c6" : "#d3dae1";
}
