// Files that leave the page: what is drawn, as a table or as a picture.

import type { Legend } from "./paint";
import type { Scene } from "./scene";
import type { Entity } from "./types";
import { type Language, speech } from "./words";

/** The entities as CSV that a spreadsheet reads as UTF-8, then the facts. */
export function csvOf(scene: Scene, read: (Entity & { key: string })[], language: Language): Blob {
  const { say, pick } = speech(language);
  const captions = new Map(read.map((one) => [one.id, one.caption]));
  const nameOf = (id: string) => captions.get(id) ?? say("redacted");
  const rows: (string | number)[][] = [[say("name"), "key", say("kind"), say("role"), say("score")]];
  for (const one of read) {
    const role = scene.nodes.get(one.id)?.roleLabel;
    rows.push([one.caption, one.key, pick(one.label), role ? pick(role) : "", one.score?.value ?? ""]);
  }
  rows.push([], [say("kind"), say("from"), say("to"), say("source"), say("record")]);
  for (const fact of scene.facts.values()) {
    const from = fact.provenance;
    const place = from ? `${from.file}${from.row === null ? "" : `:${from.row}`}` : "";
    rows.push([pick(fact.label), nameOf(fact.source), nameOf(fact.target), from?.source ?? "", place]);
  }
  const text = rows.map((row) => row.map(cell).join(",")).join("\r\n");
  return new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" });
}

/** Quoted where needed; what a spreadsheet would take for a formula is led by an apostrophe. */
function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The picture with its legend beneath. */
export async function pngOf(picture: HTMLCanvasElement, legend: Legend, language: Language): Promise<Blob> {
  const paper = picture.getContext("2d");
  if (paper) {
    const size = Math.round(picture.width / 90);
    paper.font = `${size}px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`;
    let left = size;
    for (const { label, color } of legend.roles) {
      paper.fillStyle = color;
      paper.fillRect(left, picture.height - 2 * size, size, size);
      paper.fillStyle = "#1c2733";
      paper.fillText(label[language], left + 1.4 * size, picture.height - 1.1 * size);
      left += paper.measureText(label[language]).width + 3 * size;
    }
  }
  return new Promise((resolve, reject) =>
    picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
