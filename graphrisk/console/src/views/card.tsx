import { useState } from "preact/hooks";
import type { Desk } from "../desk";
import { shapeOf } from "../paint";
import { REQUEST } from "../queries";
import type { Card, NeighbourCount } from "../types";
import { number, useWords, written } from "../words";
import { Mark, Reasons, Risk } from "./parts";

/** Who or what it is, as far as the reader may see it. */
export function CardView({ card, desk, caseNumber }: { card: Card; desk: Desk; caseNumber: string }) {
  const { say, pick, language } = useWords();
  const { start, scene } = desk.state;
  return (
    <article class="card" id="card">
      <h2>
        <Mark shape={shapeOf(card.kind)} /> {card.redacted ? say("redacted") : card.caption} <small>{pick(card.label)}</small>
        {card.score && card.score.value > 0 && <Risk value={card.score.value} />}
      </h2>
      {card.redacted ? (
        <Opening card={card} desk={desk} caseNumber={caseNumber} />
      ) : (
        <>
          <div class="row">
            {scene.nodes.has(card.id) ? (
              <button type="button" onClick={() => desk.hide(card.id)}>
                {say("hide")}
              </button>
            ) : (
              <button type="button" onClick={() => desk.add(card)}>
                {say("draw")}
              </button>
            )}
            {start && start.id !== card.id ? (
              <button type="button" class="main" onClick={() => desk.findPath(start, card)}>
                {say("pathTo")}
              </button>
            ) : (
              <button type="button" onClick={() => desk.startPath(card)}>
                {say("pathFrom")}
              </button>
            )}
          </div>
          <dl class="properties">
            {card.properties
              .filter((one) => one.value !== null)
              .map((one) => (
                <div key={one.name}>
                  <dt>{pick(one.label)}</dt>
                  <dd>
                    {written(one, language)} {one.masked && <span class="masked">{say("masked")}</span>}
                  </dd>
                </div>
              ))}
          </dl>
          {card.findings.length > 0 && (
            <section>
              <h3>{say("memberOf")}</h3>
              <ul class="list">
                {card.findings.map((one) => (
                  <li key={one.id}>
                    <button type="button" class="entity" onClick={() => desk.openFinding(one.id)}>
                      <span class="caption">{pick(one.label)}</span>
                      <Risk value={one.score} />
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {card.score && card.score.reasons.length > 0 && (
            <section>
              <h3>{say("why")}</h3>
              <Reasons reasons={card.score.reasons} />
            </section>
          )}
          <section>
            <h3>{say("neighbours")}</h3>
            <ul class="list" id="neighbours">
              {card.neighbourCounts.map((one) => (
                <Expander key={card.id + one.edgeKind + one.direction} card={card} count={one} desk={desk} />
              ))}
            </ul>
          </section>
        </>
      )}
    </article>
  );
}

/** How many there are comes first; a page of them is drawn when asked for. */
function Expander({ card, count, desk }: { card: Card; count: NeighbourCount; desk: Desk }) {
  const { say, pick } = useWords();
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const expand = async () => {
    const after = await desk.expand(card, count, next ?? null);
    if (after !== undefined) setNext(after);
  };
  return (
    <li class="expander">
      <span class="caption">
        {pick(count.label)} <small>{say(count.direction === "OUT" ? "out" : "in")}</small>
      </span>
      <span class="count">{number(count.count)}</span>
      <button type="button" disabled={next === null} onClick={expand} data-edge={`${count.edgeKind} ${count.direction}`}>
        {say(next === undefined || next === null ? "expand" : "more")}
      </button>
    </li>
  );
}

/** What lies outside is asked for, in a case and with a reason. */
function Opening({ card, desk, caseNumber }: { card: Card; desk: Desk; caseNumber: string }) {
  const { say, pick } = useWords();
  const [reason, setReason] = useState("");
  const [answer, setAnswer] = useState<string | null>(null);
  const send = () =>
    desk.during("send", async () => {
      const input = { id: crypto.randomUUID(), stub: card.id, case: caseNumber, reason };
      type Told = { requestAccess: { stateLabel: { zh: string; en: string } } };
      setAnswer(pick((await desk.query<Told>(REQUEST, { input })).requestAccess.stateLabel));
    });
  return (
    <>
      <p class="note">{say("redactedTold")}</p>
      {answer ? (
        <p role="status">
          {answer} · {say("asked")}
        </p>
      ) : (
        <form
          class="opening"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <label>
            {say("reason")}
            <textarea required rows={3} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          {!caseNumber && <p class="masked">{say("needCase")}</p>}
          <button type="submit" class="main" disabled={!caseNumber}>
            {say("askOpening")}
          </button>
        </form>
      )}
    </>
  );
}
