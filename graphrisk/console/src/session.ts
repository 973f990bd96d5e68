// Sign-in by OpenID Connect: authorization code with PKCE. The token stays in memory.

import { type Config, Refused } from "./api";

interface Endpoints {
  authorization_endpoint: string;
  token_endpoint: string;
}

/** What has to outlive the way to the issuer and back. No token is ever kept here. */
interface Pending {
  state: string;
  verifier: string;
  tokenEndpoint: string;
}

const PENDING = "graphrisk.sign-in";
const here = () => location.origin + location.pathname;

/** Leaves the page for the issuer's. */
export async function signIn(config: Config): Promise<void> {
  const endpoints = await discovered(config);
  const pending = {
    state: random(),
    verifier: random(),
    tokenEndpoint: endpoints.token_endpoint,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: config.client,
    redirect_uri: here(),
    scope: "openid",
    state: pending.state,
    code_challenge: await challenge(pending.verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${endpoints.authorization_endpoint}?${asked}`);
}

/** The token when the page was just come back to with a code; null otherwise. */
export async function comeBack(config: Config): Promise<string | null> {
  const given = new URLSearchParams(location.search);
  if (!given.has("state")) return null;
  const kept = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, "", location.pathname + location.hash);
  const pending: Pending | null = kept && JSON.parse(kept);
  if (!pending || pending.state !== given.get("state")) return null;
  const code = given.get("code");
  if (!code) throw new Refused("SIGN_IN", given.get("error") ?? "no code");
  const answer = await fetch(pending.tokenEndpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      client_id: config.client,
      redirect_uri: here(),
      code_verifier: pending.verifier,
    }),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || !told.access_token) throw new Refused("SIGN_IN", told.error ?? "no token");
  return told.access_token;
}

async function discovered(config: Config): Promise<Endpoints> {
  const answer = await fetch(config.discovery).catch(() => null);
  if (!answer?.ok) throw new Refused("SIGN_IN", config.discovery);
  const told = await answer.json();
  if (config.issuer && told.issuer !== config.issuer) throw new Refused("SIGN_IN", told.issuer);
  return told;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
