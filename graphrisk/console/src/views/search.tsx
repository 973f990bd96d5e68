import { useState } from "preact/hooks";
import type { Desk } from "../desk";
import { SEARCH } from "../queries";
import type { Entity } from "../types";
import { useWords } from "../words";
import { EntityLine } from "./parts";

interface Found {
  total: number;
  truncated: boolean;
  entities: Entity[];
}

export function Search({ desk }: { desk: Desk }) {
  const { say } = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const search = () =>
    desk.during("search", async () => {
      setFound((await desk.query<{ search: Found }>(SEARCH, { text: text.trim() })).search);
    });
  return (
    <section class="search" aria-label={say("search")}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) void search();
        }}
      >
        <input
          id="search"
          type="search"
          aria-label={say("search")}
          placeholder={say("searchHint")}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main">
          {say("search")}
        </button>
      </form>
      {found && (
        <>
          <h2>
            {say("results")}{" "}
            <small>
              {found.total === 0
                ? say("noResults")
                : say("shownOf", {
                    shown: found.entities.length,
                    total: `${found.total}${found.truncated ? "+" : ""}`,
                  })}
            </small>
          </h2>
          <ul class="list" id="results">
            {found.entities.map((one) => (
              <li key={one.id}>
                <EntityLine entity={one} onOpen={desk.openEntity} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
