// The one way to the service: a query, with who asks, for what, and in which case.

export interface Stated {
  token: string;
  purpose: string;
  caseNumber: string;
}

export interface Config {
  discovery: string;
  issuer: string | null;
  client: string;
  purposes: { code: string; zh: string; en: string }[];
}

/** What the service refused or could not do, with its stable code (docs/errors.md). */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export async function readConfig(): Promise<Config> {
  const answer = await fetch("config.json");
  if (!answer.ok) throw new Refused("UNREACHABLE", `config.json: ${answer.status}`);
  return answer.json();
}

/** The data of an operation; throws `Refused` with the first error that the answer tells. */
export async function ask<T>(query: string, variables: object, stated: Stated): Promise<T> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/graphql-response+json",
    authorization: `Bearer ${stated.token}`,
    "x-purpose": stated.purpose,
  };
  if (stated.caseNumber) headers["x-case"] = asHeader(stated.caseNumber);
  let answer: Response;
  try {
    answer = await fetch("/graphql", {
      method: "POST",
      headers,
      body: JSON.stringify({ query, variables }),
    });
  } catch {
    throw new Refused("UNREACHABLE", "the service does not answer");
  }
  const document = await answer.json().catch(() => ({}));
  const fault = document.errors?.[0];
  if (fault) throw new Refused(fault.extensions?.code ?? "INTERNAL", fault.message);
  if (!document.data) throw new Refused("INTERNAL", `${answer.status}`);
  return document.data;
}

/** A header is ASCII: what is no letter, digit, dot, slash, dash or underscore travels encoded. */
function asHeader(text: string): string {
  const more = (sign: string) => "%" + sign.charCodeAt(0).toString(16).toUpperCase();
  return encodeURIComponent(text).replaceAll("%2F", "/").replace(/[!'()*~]/g, more);
}
