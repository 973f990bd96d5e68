// Every operation of the console; a test checks each against the printed schema.

export { default as BRIEFS } from "./briefs.graphql?raw";
export { default as CASES } from "./cases.graphql?raw";
export { default as ENTITY } from "./entity.graphql?raw";
export { default as EVIDENCE } from "./evidence.graphql?raw";
export { default as EXPORT } from "./export.graphql?raw";
export { default as FINDING } from "./finding.graphql?raw";
export { default as FINDINGS } from "./findings.graphql?raw";
export { default as ME } from "./me.graphql?raw";
export { default as NEIGHBOURS } from "./neighbours.graphql?raw";
export { default as PATH } from "./path.graphql?raw";
export { default as REQUEST } from "./request.graphql?raw";
export { default as SEARCH } from "./search.graphql?raw";
export { default as TIES } from "./ties.graphql?raw";
