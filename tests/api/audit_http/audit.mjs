// Runs the audit of graphql-http against the address it is given; one JSON list on stdout.
import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? "" }));
process.stdout.write(JSON.stringify(told));
