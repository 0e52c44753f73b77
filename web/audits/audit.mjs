// Runs every server audit of graphql-http against an endpoint. A warning counts
// as a failure: what the specification recommends is kept too.
import { auditServer } from 'graphql-http';

const [url] = process.argv.slice(2);
const expected = 61;
const results = await auditServer({ url });
const failed = results.filter(({ status }) => status !== 'ok');
for (const { id, name, status, reason } of failed) console.error(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - failed.length} of ${results.length} audits`);
if (results.length !== expected) console.error(`${expected} audits were expected`);
process.exit(failed.length > 0 || results.length !== expected ? 1 : 0);
