// The engine, in a worker so that a long question can be stopped: it is told what to load, then asked.
let store = null;

// What is no keyword is taken out, then SERVICE is looked for, as openproposals/query/sparql.py does.
const apart = /#[^\n]*|<[^<>"{}|^`\\\s]*>|"{3}[^]*?"{3}|'{3}[^]*?'{3}|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'/g;
const service = /(?<![\w?$:.-])service\b(?!\s*:)/i;

addEventListener("message", async ({ data }) => {
  try {
    if (data.load) {
      const engine = await import(data.engine);
      await engine.default();
      postMessage({ stage: "data" });
      const answer = await fetch(data.load);
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      store = new engine.Store();
      store.load(bytes, { format: "text/turtle", no_transaction: true, lenient: true });
      postMessage({ stage: "ready", triples: store.size });
    } else {
      postMessage({ stage: "answer", id: data.id, ...ask(data.query, data.kind) });
    }
  } catch (error) {
    postMessage({ stage: "fault", id: data.id, message: String(error?.message ?? error), name: error?.name ?? "" });
  }
});

// Rows as SPARQL JSON, from which the page makes the rest; triples as Turtle.
function ask(query, kind) {
  if (service.test(query.replace(apart, " "))) throw Object.assign(new Error("SERVICE"), { name: "ServiceRefused" });
  const begun = performance.now();
  const graph = kind === "CONSTRUCT" || kind === "DESCRIBE";
  const text = store.query(query, { results_format: graph ? "text/turtle" : "application/sparql-results+json" });
  const csv = kind === "SELECT" ? store.query(query, { results_format: "text/csv" }) : "";
  return { text, csv, kind, ms: Math.round(performance.now() - begun) };
}
