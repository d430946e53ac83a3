// The query page's way to its server: {page, endpoint, facts, messages} in; where queries go, and what the page is told, out.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const [given, ...scripts] = process.argv.slice(2);
for (const script of scripts) runInThisContext(readFileSync(script, "utf8"));
const { page, link, endpoint, facts, messages } = JSON.parse(given);
if (page) {
  globalThis.fetch = async () => ({ ok: true, headers: new Headers(link ? { link } : {}) });
  console.log(JSON.stringify(await globalThis.queryEndpoint(page)));
} else {
  const told = [];
  const server = globalThis.queryServer(endpoint, facts, (data) => {
    told.push(data);
    if (data.stage === "ready") for (const message of messages) server.postMessage(message);
  });
  process.once("beforeExit", () => console.log(JSON.stringify(told)));
}
