// Small pieces that several views share.

import { shapeOf, type Shape } from "../paint";
import type { Entity, Fact, Reason } from "../types";
import { moment, risk, useWords, written } from "../words";

const OUTLINES: Record<Shape, string> = {
  circle: "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10Z",
  square: "M1.5 1.5h9v9h-9Z",
  diamond: "M6 0 12 6 6 12 0 6Z",
  triangle: "M6 1 11.5 11H.5Z",
};

export function Mark({ shape, color = "currentColor" }: { shape: Shape; color?: string }) {
  return (
    <svg class="mark" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={OUTLINES[shape]} fill={color} />
    </svg>
  );
}

export function Risk({ value }: { value: number }) {
  const { say } = useWords();
  const level = value >= 0.8 ? "high" : value >= 0.5 ? "middle" : "low";
  return (
    <span class={`risk ${level}`} title={say("score")}>
      {risk(value)}
    </span>
  );
}

export function EntityLine({ entity, onOpen }: { entity: Entity; onOpen: (id: string) => void }) {
  const { say, pick } = useWords();
  return (
    <button type="button" class="entity" onClick={() => onOpen(entity.id)}>
      <Mark shape={shapeOf(entity.kind)} />
      <span class="caption">{entity.redacted ? say("redacted") : entity.caption}</span>
      <small>{pick(entity.label)}</small>
      {entity.score && entity.score.value > 0 && <Risk value={entity.score.value} />}
    </button>
  );
}

/** Reasons as sentences, each with its share of the score. */
export function Reasons({ reasons }: { reasons: Reason[] }) {
  const { say, pick } = useWords();
  return (
    <ol class="reasons">
      {reasons.map((one) => (
        <li key={one.code + one.sentence.en}>
          <span>{pick(one.sentence)}</span>
          <span class="share">
            <meter min={0} max={1} value={one.contribution} aria-label={say("contribution")} />
            {risk(one.contribution)}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Where a fact stands in what was delivered. */
export function Origin({ fact }: { fact: Fact }) {
  const { say } = useWords();
  const from = fact.provenance;
  if (!from) return <span>–</span>;
  return (
    <span class="origin" title={from.source}>
      {from.file} · {from.row === null ? say("sumOfRows") : say("row", { row: from.row })}
    </span>
  );
}

/** What a fact says, in one line. */
export function Told({ fact }: { fact: Fact }) {
  const { pick, language } = useWords();
  const said = fact.properties.filter((one) => one.value !== null);
  const since = fact.validFrom ? [moment(fact.validFrom)] : [];
  return <>{[...said.map((one) => `${pick(one.label)} ${written(one, language)}`), ...since].join(" · ")}</>;
}
