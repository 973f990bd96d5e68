// The page: sign-in before it, and then search on the left, the graph in the middle, what is open
// on the right.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { ask, type Config, readConfig, type Stated } from "./api";
import { type Desk, type Fault, faultOf, useDesk } from "./desk";
import { CASES, ME } from "./queries";
import { comeBack, signIn } from "./session";
import type { Me, Page } from "./types";
import { CardView } from "./views/card";
import { FindingView } from "./views/finding";
import { Findings } from "./views/findings";
import { PathView } from "./views/path";
import { Search } from "./views/search";
import { SignIn } from "./views/sign_in";
import { Stage } from "./views/stage";
import { TableTwin } from "./views/table";
import { Top } from "./views/top";
import { isKey, type Language, type Speech, speech, Spoken, useWords } from "./words";

const LANGUAGE = "graphrisk.language";

export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [config, setConfig] = useState<Config | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const spoken = useMemo(() => speech(language), [language]);

  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(LANGUAGE, language);
  }, [language]);
  useEffect(() => {
    const begin = async () => {
      const read = await readConfig();
      setConfig(read);
      setToken(await comeBack(read));
    };
    begin().catch((error) => setFault(faultOf(error)));
  }, []);
  const leave = useCallback((told: Fault | null) => {
    setToken(null);
    setFault(told);
  }, []);
  const onLanguage = () => setLanguage(language === "zh" ? "en" : "zh");

  return (
    <Spoken.Provider value={spoken}>
      {config && token ? (
        <Console config={config} token={token} onLeave={leave} onLanguage={onLanguage} />
      ) : (
        <SignIn
          onSignIn={() => config && signIn(config).catch((error) => setFault(faultOf(error)))}
          told={fault && faultText(fault, spoken)}
          onLanguage={onLanguage}
        />
      )}
    </Spoken.Provider>
  );
}

interface Given {
  config: Config;
  token: string;
  onLeave: (fault: Fault | null) => void;
  onLanguage: () => void;
}

function Console({ config, token, onLeave, onLanguage }: Given) {
  const [stated, setStated] = useState<Stated>({ token, purpose: "investigation", caseNumber: "" });
  const [me, setMe] = useState<Me | null>(null);
  const [cases, setCases] = useState<{ number: string; title: string }[]>([]);
  const desk = useDesk(stated, onLeave);

  useEffect(() => {
    void desk.during("open", async () => setMe((await ask<{ me: Me }>(ME, {}, stated)).me));
    // Whoever may not read cases goes on without the list.
    type Told = { cases: Page<{ number: string; title: string }> };
    ask<Told>(CASES, {}, stated)
      .then((told) => setCases(told.cases.edges.map((one) => one.node)))
      .catch(() => setCases([]));
    void desk.refresh();
  }, [stated]);

  return (
    <div class="console">
      <Top
        config={config}
        me={me}
        cases={cases}
        stated={stated}
        onState={(purpose, caseNumber) => setStated({ ...stated, purpose, caseNumber })}
        onLanguage={onLanguage}
        onSignOut={() => onLeave(null)}
      />
      <Status desk={desk} />
      <nav class="left" aria-label="search">
        <Search desk={desk} />
        <Findings desk={desk} />
      </nav>
      <main class="middle">
        <Stage desk={desk} />
        <TableTwin desk={desk} />
      </main>
      <Side desk={desk} caseNumber={stated.caseNumber} />
    </div>
  );
}

/** What is open on the right. */
function Side({ desk, caseNumber }: { desk: Desk; caseNumber: string }) {
  const { say } = useWords();
  const { panel, depth } = desk.state;
  return (
    <aside class="right" aria-label={say("details")}>
      {panel && (
        <button type="button" id="back" onClick={desk.back}>
          {say(depth > 1 ? "back" : "close")}
        </button>
      )}
      {panel?.type === "entity" && <CardView key={panel.card.id} card={panel.card} desk={desk} caseNumber={caseNumber} />}
      {panel?.type === "finding" && <FindingView told={panel.told} desk={desk} />}
      {panel?.type === "path" && <PathView panel={panel} desk={desk} />}
      {!panel && <p class="note">{say("empty")}</p>}
    </aside>
  );
}

/** What goes on, and what went wrong. */
function Status({ desk }: { desk: Desk }) {
  const words = useWords();
  const { works, fault } = desk.state;
  const work = works.at(-1);
  return (
    <div class="status">
      <p role="status" aria-live="polite" class={work ? "working" : ""}>
        {work && words.say(`working_${work}`)}
      </p>
      {fault && (
        <p class="fault" role="alert">
          {faultText(fault, words)}
          <button type="button" onClick={desk.dismiss}>
            {words.say("close")}
          </button>
        </p>
      )}
    </div>
  );
}

function faultText(fault: Fault, { say }: Speech): string {
  return isKey(fault.code) ? `${say(fault.code)} (${fault.message})` : `${fault.code}: ${fault.message}`;
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(LANGUAGE);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}
