import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Picture } from "../canvas";
import type { Desk } from "../desk";
import { csvOf, pngOf, save } from "../files";
import { legendOf } from "../paint";
import { readForExport } from "../reads";
import { useWords } from "../words";
import { Mark } from "./parts";

/** The graph, its legend, and what can be done with all of it. */
export function Stage({ desk }: { desk: Desk }) {
  const { say, pick, language } = useWords();
  const { scene, history, origin, panel, start } = desk.state;
  const container = useRef<HTMLDivElement>(null);
  const picture = useRef<Picture | null>(null);
  const [arranging, setArranging] = useState(false);
  const legend = useMemo(() => legendOf(scene), [scene]);
  const selected = panel?.type === "entity" ? panel.card.id : null;

  const arrange = async (task: (one: Picture) => Promise<void>) => {
    if (!picture.current) return;
    setArranging(true);
    await task(picture.current).finally(() => setArranging(false));
  };
  useEffect(() => {
    if (!container.current) return;
    const made = new Picture(container.current, (id) => void desk.openEntity(id));
    picture.current = made;
    return () => made.kill();
  }, [desk.openEntity]);
  useEffect(() => void arrange((one) => one.show(scene, origin)), [scene, desk.openEntity]);
  useEffect(() => picture.current?.select(selected), [selected, scene]);

  /** A file is written of what is read once more with the purpose `export`, or not at all. */
  const write = (kind: "csv" | "png") =>
    desk.during("csv", async () => {
      const read = await readForExport(desk.query, scene.nodes.values());
      if (kind === "csv") save(csvOf(scene, read, language), "graphrisk.csv");
      else if (picture.current) save(await pngOf(picture.current.copy(), legend, language), "graphrisk.png");
    });

  return (
    <section class="stage" aria-label={say("graph")}>
      <div class="row tools">
        <button type="button" id="undo" disabled={!history.past.length} onClick={desk.undo}>
          {say("undo")}
        </button>
        <button type="button" id="redo" disabled={!history.future.length} onClick={desk.redo}>
          {say("redo")}
        </button>
        <button type="button" onClick={() => arrange((one) => one.arrange())}>
          {say("arrange")}
        </button>
        <button type="button" onClick={() => picture.current?.fit()}>
          {say("fit")}
        </button>
        <button type="button" disabled={!scene.nodes.size} onClick={desk.clear}>
          {say("clear")}
        </button>
        <span class="space" />
        {start && (
          <span class="chip" role="status">
            {say("pathChosen", { name: start.caption })}
            <button type="button" aria-label={say("close")} onClick={() => desk.startPath(null)}>
              ×
            </button>
          </span>
        )}
        <button type="button" id="png" disabled={!scene.nodes.size} onClick={() => write("png")}>
          {say("picture")}
        </button>
        <button type="button" id="csv" disabled={!scene.nodes.size} onClick={() => write("csv")}>
          {say("csv")}
        </button>
      </div>
      <div class="paper">
        <div
          class="canvas"
          ref={container}
          role="img"
          data-ready={!arranging && scene.nodes.size > 0}
          aria-label={say("graphTold", { nodes: scene.nodes.size, facts: scene.facts.size })}
        />
        {scene.nodes.size === 0 && <p class="empty">{say("empty")}</p>}
        {arranging && <p class="empty">{say("working_arrange")}</p>}
        <ul class="legend">
          {legend.roles.map((one) => (
            <li key={one.role}>
              <Mark shape="circle" color={one.color} /> {pick(one.label)}
            </li>
          ))}
          {legend.kinds.map((one) => (
            <li key={one.kind}>
              <Mark shape={one.shape} /> {pick(one.label)}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
