// The state of the console and everything somebody can do with it.

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { ask, Refused, type Stated } from "./api";
import * as reads from "./reads";
import * as scenes from "./scene";
import type { Card, Entity, Fact, NeighbourCount } from "./types";

/** What the panel on the right shows. */
export type Panel =
  | { type: "entity"; card: Card }
  | { type: "finding"; told: reads.Explained }
  | { type: "path"; source: Entity; target: Entity; chain: { entities: Entity[]; facts: Fact[] } | null };

export interface Fault {
  code: string;
  message: string;
}

/** What takes time; the page says so while it does. */
export type Work = "search" | "open" | "expand" | "path" | "csv" | "send";

const PANELS_KEPT = 20;

export function useDesk(stated: Stated, onSignedOut: (fault: Fault) => void) {
  const [history, setHistory] = useState(scenes.BEGIN);
  const [origin, setOrigin] = useState<string | undefined>();
  const [panels, setPanels] = useState<Panel[]>([]);
  const [start, setStart] = useState<Entity | null>(null);
  const { fault, works, during, dismiss } = useWork(onSignedOut);
  const latest = useRef({ history, panels });
  latest.current = { history, panels };

  const can = useMemo(() => {
    const query: reads.Query = (text, variables, purpose) =>
      ask(text, variables, purpose ? { ...stated, purpose } : stated);
    const show = (panel: Panel) => setPanels((all) => [...all.slice(-PANELS_KEPT), panel]);
    const draw = (change: (now: scenes.Scene) => scenes.Scene, beside?: string) => {
      setOrigin(beside);
      setHistory((all) => scenes.step(all, change(all.now)));
    };

    return {
      during,
      dismiss,
      query,
      back: () => setPanels((all) => all.slice(0, -1)),
      undo: () => setHistory(scenes.undo),
      redo: () => setHistory(scenes.redo),
      clear: () => draw(() => scenes.EMPTY),
      hide: (id: string) => draw((now) => scenes.without(now, id)),
      add: (entity: Entity) => draw((now) => scenes.withMore(now, [entity], [])),
      startPath: setStart,

      openEntity: (id: string) =>
        during("open", async () => {
          const node = latest.current.history.now.nodes.get(id);
          show({ type: "entity", card: node?.redacted ? stub(node) : await reads.readCard(query, id) });
        }),

      /** A finding is drawn on a clean sheet; undo brings back what was there. */
      openFinding: (id: string) =>
        during("open", async () => {
          const told = await reads.readFinding(query, id);
          const ties = await reads.readTies(query, told.nodes);
          draw(() => scenes.withMore(scenes.EMPTY, told.nodes, [...told.evidence, ...ties]));
          setPanels([{ type: "finding", told }]);
        }),

      /** Draws a page of neighbours; gives where the next one begins. */
      expand: (card: Card, over: NeighbourCount, after: string | null) =>
        during("expand", async () => {
          const found = await reads.readNeighbours(query, card.id, over, after);
          draw((now) => scenes.withMore(now, [brief(card), ...found.entities], found.facts), card.id);
          return found.next;
        }),

      findPath: (source: Entity, target: Entity) =>
        during("path", async () => {
          const chain = await reads.readPath(query, source.id, target.id);
          setStart(null);
          if (chain) draw((now) => scenes.withMore(now, chain.entities, chain.facts), source.id);
          show({ type: "path", source, target, chain });
        }),

      /** Reads anew what is drawn and shown, for what is masked may have changed; forgets the rest. */
      refresh: () =>
        during("open", async () => {
          const { history: held, panels: open } = latest.current;
          const seen = await reads.readBriefs(query, held.now.nodes.values());
          setHistory({ ...scenes.BEGIN, now: scenes.withMore(held.now, seen, []) });
          const last = open.at(-1);
          if (last?.type === "entity" && last.card.redacted) setPanels([last]);
          else if (last?.type === "entity") {
            setPanels([{ type: "entity", card: await reads.readCard(query, last.card.id) }]);
          } else if (last?.type === "finding") {
            setPanels([{ type: "finding", told: await reads.readFinding(query, last.told.finding.id) }]);
          } else setPanels([]);
        }),
    };
  }, [stated, during, dismiss]);

  const state = { history, scene: history.now, origin, panel: panels.at(-1) ?? null, depth: panels.length, fault, works, start };
  return { ...can, state };
}

export type Desk = ReturnType<typeof useDesk>;

/** Runs what takes time; what the service refuses is kept to be shown, never thrown. */
function useWork(onSignedOut: (fault: Fault) => void) {
  const [fault, setFault] = useState<Fault | null>(null);
  const [works, setWorks] = useState<Work[]>([]);
  const during = useCallback(
    async <T,>(work: Work, task: () => Promise<T>): Promise<T | undefined> => {
      setWorks((all) => [...all, work]);
      setFault(null);
      try {
        return await task();
      } catch (error) {
        const told = faultOf(error);
        if (told.code === "UNAUTHENTICATED") onSignedOut(told);
        else setFault(told);
        return undefined;
      } finally {
        setWorks((all) => all.toSpliced(all.indexOf(work), 1));
      }
    },
    [onSignedOut],
  );
  const dismiss = useCallback(() => setFault(null), []);
  return { fault, works, during, dismiss };
}

export function faultOf(error: unknown): Fault {
  return error instanceof Refused
    ? { code: error.code, message: error.message }
    : { code: "INTERNAL", message: String(error) };
}

/** Of what lies outside nothing but its kind can be read. */
function stub(node: Entity): Card {
  return { ...node, key: "", properties: [], score: null, findings: [], neighbourCounts: [] };
}

function brief({ id, kind, label, caption, redacted, score }: Card): Entity {
  return { id, kind, label, caption, redacted, score: score && { value: score.value } };
}
