import { useMemo, useRef } from "preact/hooks";
import type { Desk } from "../desk";
import type { Explained } from "../reads";
import type { Member } from "../types";
import { moment, useWords } from "../words";
import { EntityLine, Origin, Reasons, Risk, Told } from "./parts";

const RECORDS_SHOWN = 100;

/** A ring: why, who, what to doubt, and the rows that say so. */
export function FindingView({ told, desk }: { told: Explained; desk: Desk }) {
  const { say, pick } = useWords();
  const { finding, evidence, total } = told;
  const members = finding.members.edges.map((one) => one.node);
  const records = useRef<HTMLElement>(null);
  const names = useMemo(() => new Map(told.nodes.map((one) => [one.id, one.caption])), [told]);
  return (
    <article class="card" id="finding">
      <h2>
        {pick(finding.label)} <Risk value={finding.score} />
      </h2>
      <p class="note">
        {finding.id}
        {finding.run && ` · ${say("foundBy", { time: moment(finding.run.startedAt), model: finding.run.model })}`}
      </p>
      {finding.redacted && <p class="masked">{say("findingCut")}</p>}
      {finding.reasons.length > 0 && (
        <section>
          <h3>{say("why")}</h3>
          <Reasons reasons={finding.reasons} />
          <button type="button" onClick={() => records.current?.scrollIntoView({ block: "start" })}>
            {say("showRecords")} ({total})
          </button>
          {finding.community && <p class="note">{pick(finding.community.sentence)}</p>}
        </section>
      )}
      {finding.doubts.length > 0 && (
        <section class="doubts">
          <h3>{say("doubts")}</h3>
          <ul>
            {finding.doubts.map((one) => (
              <li key={one.en}>{pick(one)}</li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>
          {say("who")} <small>{finding.members.total}</small>
        </h3>
        {members.length < finding.members.total && (
          <p class="note">{say("shownOf", { shown: members.length, total: finding.members.total })}</p>
        )}
        {byRole(members).map(([role, those]) => (
          <details key={role} open={those.length <= 12}>
            <summary>
              {those[0] && pick(those[0].roleLabel)} <small>{those.length}</small>
            </summary>
            <ul class="list">
              {those.map(
                ({ entity }) =>
                  entity && (
                    <li key={entity.id}>
                      <EntityLine entity={entity} onOpen={desk.openEntity} />
                    </li>
                  ),
              )}
            </ul>
          </details>
        ))}
      </section>
      <section ref={records} id="records">
        <h3>
          {say("evidence")} <small>{total}</small>
        </h3>
        {evidence.length < total && <p class="note">{say("evidenceDrawn", { shown: evidence.length, total })}</p>}
        <ol class="records">
          {evidence.slice(0, RECORDS_SHOWN).map((one) => (
            <li key={one.id}>
              <b>{pick(one.label)}</b> {names.get(one.source)} → {names.get(one.target)}
              <br />
              <span class="note">
                <Told fact={one} />
              </span>
              <br />
              <Origin fact={one} />
            </li>
          ))}
        </ol>
      </section>
    </article>
  );
}

function byRole(members: Member[]): [string, Member[]][] {
  const found = new Map<string, Member[]>();
  for (const one of members) found.set(one.role, [...(found.get(one.role) ?? []), one]);
  return [...found];
}
