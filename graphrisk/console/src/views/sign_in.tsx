import { useWords } from "../words";

/** Before anybody is signed in. */
export function SignIn({ onSignIn, told, onLanguage }: { onSignIn: () => void; told: string | null; onLanguage: () => void }) {
  const { say, language } = useWords();
  return (
    <main class="door">
      <h1>
        graphrisk <span>图险</span>
      </h1>
      <p>{say("signInHint")}</p>
      {told && (
        <p class="fault" role="alert">
          {told}
        </p>
      )}
      <div class="row">
        <button type="button" class="main" onClick={onSignIn}>
          {say("signIn")}
        </button>
        <button type="button" lang={language === "zh" ? "en" : "zh"} onClick={onLanguage}>
          {language === "zh" ? "English" : "中文"}
        </button>
      </div>
    </main>
  );
}
