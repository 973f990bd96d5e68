import { useState } from "preact/hooks";
import type { Config, Stated } from "../api";
import type { Me } from "../types";
import { useWords } from "../words";

interface Given {
  config: Config;
  me: Me | null;
  cases: { number: string; title: string }[];
  stated: Stated;
  onState: (purpose: string, caseNumber: string) => void;
  onLanguage: () => void;
  onSignOut: () => void;
}

/** Who reads, for what and in which case: in sight all the time. */
export function Top({ config, me, cases, stated, onState, onLanguage, onSignOut }: Given) {
  const { say, pick, language } = useWords();
  const [number, setNumber] = useState(stated.caseNumber);
  const state = () => number.trim() !== stated.caseNumber && onState(stated.purpose, number.trim());
  return (
    <header class="top">
      <h1>
        graphrisk <span>图险</span>
      </h1>
      <label>
        {say("purpose")}
        <select value={stated.purpose} onChange={(event) => onState(event.currentTarget.value, stated.caseNumber)}>
          {config.purposes.map((one) => (
            <option key={one.code} value={one.code}>
              {language === "zh" ? `${one.zh} ${one.code}` : one.code}
            </option>
          ))}
        </select>
      </label>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          state();
        }}
      >
        <label>
          {say("caseNumber")}
          <input
            id="case"
            list="cases"
            maxLength={128}
            autocomplete="off"
            value={number}
            onInput={(event) => setNumber(event.currentTarget.value)}
            onBlur={state}
          />
        </label>
        <datalist id="cases">
          {cases.map((one) => (
            <option key={one.number} value={one.number}>
              {one.title}
            </option>
          ))}
        </datalist>
      </form>
      <span class={stated.caseNumber ? "note" : "note masked"}>{say(stated.caseNumber ? "caseSet" : "caseHint")}</span>
      <span class="space" />
      {me && (
        <span class="who" title={me.roles.join(", ")}>
          <b>{me.name}</b> {say("areas")} {me.areas.join(", ") || say("everywhere")}
        </span>
      )}
      <button type="button" id="language" lang={language === "zh" ? "en" : "zh"} onClick={onLanguage}>
        {pick({ zh: "English", en: "中文" })}
      </button>
      <button type="button" onClick={onSignOut}>
        {say("signOut")}
      </button>
    </header>
  );
}
