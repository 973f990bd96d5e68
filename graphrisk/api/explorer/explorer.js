"use strict";
const $ = (id) => document.getElementById(id);
const given = JSON.parse($("given").textContent);
let language = navigator.language.startsWith("zh") ? "zh" : "en";

function speak() {
  document.documentElement.lang = language;
  $("language").textContent = language === "zh" ? "English" : "中文";
  $("language").lang = language === "zh" ? "en" : "zh";
  for (const element of document.querySelectorAll("[data-zh]")) {
    element.textContent = element.dataset[language];
  }
  for (const option of $("purpose").options) option.textContent = option.dataset[language];
}

// A header is ASCII: what is no letter, digit, dot, slash, dash or underscore travels encoded.
function percentEncoded(text) {
  const more = (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase();
  return encodeURIComponent(text).replaceAll("%2F", "/").replace(/[!'()*~]/g, more);
}

async function ask(query, variables) {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json",
    "x-purpose": $("purpose").value,
  };
  if ($("case").value) headers["x-case"] = percentEncoded($("case").value.trim());
  const answer = await fetch(location.pathname, {
    method: "POST", headers, body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}

async function run() {
  const started = performance.now();
  $("status").textContent = "…";
  try {
    const text = $("variables").value.trim();
    const answer = await ask($("query").value, text ? JSON.parse(text) : undefined);
    const cost = answer.extensions?.cost;
    $("answer").textContent = JSON.stringify(answer, null, 2);
    $("status").textContent = `${Math.round(performance.now() - started)} ms`
      + (cost ? ` · ${language === "zh" ? "代价" : "cost"} ${cost.asked} / ${cost.most}` : "");
  } catch (error) {
    $("status").textContent = String(error);
  }
}

const typeName = (type) =>
  type.kind === "NON_NULL" ? `${typeName(type.ofType)}!`
    : type.kind === "LIST" ? `[${typeName(type.ofType)}]` : type.name;

async function describe() {
  const type = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
  const { data } = await ask(`{ __schema { queryType { fields {
    name description type { ${type} } args { name type { ${type} } } } } } }`);
  for (const field of data?.__schema.queryType.fields ?? []) {
    const args = field.args.map((arg) => `${arg.name}: ${typeName(arg.type)}`).join(", ");
    const term = document.createElement("dt");
    term.textContent = `${field.name}${args ? `(${args})` : ""}: ${typeName(field.type)}`;
    const told = document.createElement("dd");
    told.textContent = field.description ?? "";
    $("fields").append(term, told);
  }
}

for (const [code, zh, en] of given.purposes) {
  const option = document.createElement("option");
  option.value = code;
  option.dataset.zh = `${code} ${zh}`;
  option.dataset.en = code;
  option.title = en;
  $("purpose").append(option);
}
for (const [title, query] of given.samples) {
  const button = document.createElement("button");
  button.type = "button";
  [button.dataset.zh, button.dataset.en] = title.split(" · ");
  button.addEventListener("click", () => { $("query").value = query; run(); });
  $("samples").append(button);
}
$("query").value = given.samples[0][1];
$("run").addEventListener("click", run);
$("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; speak(); });
$("reference").addEventListener("toggle", () => { if (!$("fields").children.length) describe(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
speak();
