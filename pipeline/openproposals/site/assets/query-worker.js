// The engine, in a worker (query-asked.js stands before this script) so that a long question can be stopped: it is told what to load, then asked.
// What is loaded is loaded before the first question; then every door to the network is taken away for good.
let store = null;
let engine = null;

// What is left of the worker's own names: the language's, the engine's needs, and the way to answer.
const kept = new Set(`Object Function Array Number Boolean String Symbol BigInt Math JSON Date RegExp Promise Proxy Reflect
  Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator Error AggregateError EvalError RangeError ReferenceError
  SyntaxError TypeError URIError ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array
  Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array Atomics Intl
  Infinity NaN undefined globalThis isFinite isNaN parseFloat parseInt WebAssembly TextDecoder TextEncoder
  crypto performance console postMessage onmessage`.split(/\s+/));

function shut() {
  for (let place = globalThis; place && place !== Object.prototype; place = Object.getPrototypeOf(place)) {
    for (const name of Object.getOwnPropertyNames(place)) {
      if (kept.has(name) || name === "constructor") continue;
      Reflect.deleteProperty(place, name);
      if (name in globalThis) Reflect.defineProperty(globalThis, name, { value: undefined });
    }
  }
  if (["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "Worker", "navigator", "caches", "indexedDB"].some((name) => globalThis[name])) throw new Error("the worker could not be shut");
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.load) {
      engine = await import(data.engine);
      await engine.default();
      postMessage({ stage: "data" });
      const files = await Promise.all(data.load.map(bytes));
      shut();
      store = new engine.Store();
      for (const file of files) store.load(file, { format: "text/turtle", no_transaction: true, lenient: true });
      postMessage({ stage: "ready", triples: store.size, terms: terms() });
    } else if (data.iris) {
      postMessage({ stage: "labels", id: data.id, labels: labels(data.iris, data.language) });
    } else {
      postMessage({ stage: "answer", id: data.id, ...ask(data.query, data.kind), absent: absent(data.named) });
    }
  } catch (error) {
    postMessage({ stage: "fault", id: data.id, message: String(error?.message ?? error), name: error?.name ?? "" });
  }
});

async function bytes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// Rows as SPARQL JSON, from which the page makes the rest; triples as Turtle.
function ask(query, kind) {
  if (asksAServer(query)) throw Object.assign(new Error("SERVICE"), { name: "ServiceRefused" });
  const begun = performance.now();
  const graph = kind === "CONSTRUCT" || kind === "DESCRIBE";
  const text = store.query(query, { results_format: graph ? "text/turtle" : "application/sparql-results+json" });
  const ms = Math.round(performance.now() - begun);
  const csv = kind === "SELECT" ? store.query(query, { results_format: "text/csv" }) : "";
  const triples = graph ? store.query(query, { results_format: "application/n-triples" }).split("\n").filter(Boolean).length : 0;
  return { text, csv, kind, triples, ms };
}

const bindings = (query) => JSON.parse(store.query(query, { results_format: "application/sparql-results+json" })).results.bindings;
const terms = () => bindings(queryAsked.terms).map(({ t }) => t.value);
const absent = (iris) => iris.length ? bindings(queryAsked.absent(iris)).map(({ i }) => i.value) : [];
const labels = (iris, language) => queryAsked.named(bindings(queryAsked.labels(iris)), language);

// The engine's own grammar decides, as in openproposals/query/sparql.py: a query has the keyword SERVICE if it is SPARQL,
// and is none when another word stands in its place. SILENT, or within EXISTS, it would fail without a word.
function asksAServer(query) {
  if (!/service/i.test(query)) return false;
  const other = query.replace(/service/gi, (word) => word.replace(/./g, (letter) => "zqxjkwZQXJKW"["servicSERVIC".indexOf(letter)]));
  const nothing = new engine.Store();
  try { nothing.query(other); return false; } catch { /* told below */ }
  try { nothing.query(query); } catch (error) { if (/^error at /.test(String(error?.message ?? error))) throw error; }
  return true;
}
