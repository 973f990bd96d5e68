import { useState } from "preact/hooks";
import type { Desk } from "../desk";
import type { Fact } from "../types";
import { risk, useWords } from "../words";
import { Origin, Told } from "./parts";

const ROWS = 100;

/** Everything that is drawn, as a table: for who reads by keyboard, by ear, or wants to copy. */
export function TableTwin({ desk }: { desk: Desk }) {
  const { say } = useWords();
  const [tab, setTab] = useState<"entities" | "facts">("entities");
  const [page, setPage] = useState(0);
  const { nodes, facts } = desk.state.scene;
  const total = tab === "entities" ? nodes.size : facts.size;
  const pages = Math.max(1, Math.ceil(total / ROWS));
  const at = Math.min(page, pages - 1);
  const choose = (chosen: typeof tab) => {
    setTab(chosen);
    setPage(0);
  };
  return (
    <section class="twin" aria-label={say("table")}>
      <div class="row">
        {(["entities", "facts"] as const).map((one) => (
          <button key={one} type="button" aria-pressed={tab === one} onClick={() => choose(one)} id={`twin-${one}`}>
            {say(one)} {one === "entities" ? nodes.size : facts.size}
          </button>
        ))}
        {pages > 1 && (
          <>
            <button type="button" disabled={at === 0} onClick={() => setPage(at - 1)}>
              {say("previous")}
            </button>
            <span class="note">{say("page", { n: at + 1, of: pages })}</span>
            <button type="button" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
              {say("next")}
            </button>
          </>
        )}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={say("table")}>
        {total === 0 ? (
          <p class="note">{say("nothingDrawn")}</p>
        ) : tab === "entities" ? (
          <Entities desk={desk} from={at * ROWS} />
        ) : (
          <Facts desk={desk} from={at * ROWS} />
        )}
      </div>
    </section>
  );
}

function Entities({ desk, from }: { desk: Desk; from: number }) {
  const { say, pick } = useWords();
  const rows = [...desk.state.scene.nodes.values()].slice(from, from + ROWS);
  return (
    <table id="entities">
      <thead>
        <tr>
          <th scope="col">{say("name")}</th>
          <th scope="col">{say("kind")}</th>
          <th scope="col">{say("role")}</th>
          <th scope="col" class="number">
            {say("score")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <button type="button" class="link" onClick={() => desk.openEntity(one.id)}>
                {one.redacted ? say("redacted") : one.caption}
              </button>
            </th>
            <td>{pick(one.label)}</td>
            <td>{one.roleLabel ? pick(one.roleLabel) : ""}</td>
            <td class="number">{one.score ? risk(one.score.value) : ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Facts({ desk, from }: { desk: Desk; from: number }) {
  const { say, pick } = useWords();
  const { nodes, facts } = desk.state.scene;
  const rows = [...facts.values()].slice(from, from + ROWS);
  const end = (id: string) => {
    const node = nodes.get(id);
    return node?.redacted ? say("redacted") : node?.caption;
  };
  return (
    <table id="facts">
      <thead>
        <tr>
          {(["kind", "from", "to", "details", "record"] as const).map((one) => (
            <th key={one} scope="col">
              {say(one)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((one: Fact) => (
          <tr key={one.id}>
            <td>{pick(one.label)}</td>
            <td>
              <button type="button" class="link" onClick={() => desk.openEntity(one.source)}>
                {end(one.source)}
              </button>
            </td>
            <td>
              <button type="button" class="link" onClick={() => desk.openEntity(one.target)}>
                {end(one.target)}
              </button>
            </td>
            <td>
              <Told fact={one} />
            </td>
            <td>
              <Origin fact={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
