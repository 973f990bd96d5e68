import type { Desk, Panel } from "../desk";
import { useWords } from "../words";
import { EntityLine, Origin, Told } from "./parts";

/** A chain of facts, link by link. */
export function PathView({ panel, desk }: { panel: Extract<Panel, { type: "path" }>; desk: Desk }) {
  const { say, pick } = useWords();
  const { source, target, chain } = panel;
  return (
    <article class="card" id="path">
      <h2>{say("path")}</h2>
      <p class="note">
        {source.caption} → {target.caption}
        {chain && ` · ${say("pathLength", { n: chain.facts.length })}`}
      </p>
      {!chain && <p>{say("noPath")}</p>}
      <ol class="chain">
        {chain?.entities.map((one, index) => {
          const fact = chain.facts[index];
          return (
            <li key={one.id}>
              <EntityLine entity={one} onOpen={desk.openEntity} />
              {fact && (
                <p class="link">
                  {fact.source === one.id ? "↓" : "↑"} <b>{pick(fact.label)}</b> <Told fact={fact} /> <Origin fact={fact} />
                </p>
              )}
            </li>
          );
        })}
      </ol>
    </article>
  );
}
