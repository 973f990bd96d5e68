import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../desk";
import { FINDINGS } from "../queries";
import type { FindingLine, Page, Words } from "../types";
import { useWords } from "../words";
import { Risk } from "./parts";

/** The latest run's findings, strongest first. */
export function Findings({ desk }: { desk: Desk }) {
  const { say, pick } = useWords();
  const [kind, setKind] = useState("");
  const [kinds, setKinds] = useState<Map<string, Words>>(new Map());
  const [page, setPage] = useState<Page<FindingLine> | null>(null);
  const current = desk.state.panel?.type === "finding" ? desk.state.panel.told.finding.id : null;

  const read = (after: string | null) =>
    desk.during("open", async () => {
      const asked = { kind: kind || null, after };
      const { findings } = await desk.query<{ findings: Page<FindingLine> }>(FINDINGS, asked);
      setPage((before) =>
        after && before ? { ...findings, edges: [...before.edges, ...findings.edges] } : findings,
      );
      setKinds((all) => new Map([...all, ...findings.edges.map(({ node }) => [node.kind, node.label] as const)]));
    });
  useEffect(() => void read(null), [kind, desk.query]);

  return (
    <section class="findings" aria-label={say("findings")}>
      <h2>
        {say("findings")} <small>{page ? page.total : ""}</small>
        <select aria-label={say("kind")} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="">{say("allKinds")}</option>
          {[...kinds].map(([code, label]) => (
            <option key={code} value={code}>
              {pick(label)}
            </option>
          ))}
        </select>
      </h2>
      {page?.total === 0 && <p class="note">{say("noFindings")}</p>}
      <ul class="list" id="findings">
        {page?.edges.map(({ node }) => (
          <li key={node.id}>
            <button
              type="button"
              class="finding"
              aria-current={node.id === current ? "true" : undefined}
              onClick={() => desk.openFinding(node.id)}
            >
              <span class="line">
                <b>{pick(node.label)}</b>
                {node.redacted && <small class="masked">{say("partly")}</small>}
                <Risk value={node.score} />
              </span>
              <span class="why">
                {node.reasons[0] && pick(node.reasons[0].sentence)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {page?.pageInfo?.hasNextPage && (
        <button type="button" onClick={() => read(page.pageInfo?.endCursor ?? null)}>
          {say("more")}
        </button>
      )}
    </section>
  );
}
