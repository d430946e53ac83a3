// The query page where it is served: the same messages as the worker's (query-worker.js), answered by the server's
// SPARQL endpoint. One question at a time, as a server lets few of one reader stand in line.
"use strict";

// The endpoint that a page's own server names in its headers (RFC 8631); "" where there is none, as on a plain host.
globalThis.queryEndpoint = async (page) => {
  try {
    const found = await fetch(page, { method: "HEAD" });
    const named = (found.headers.get("link") ?? "").match(/<([^>]*)>\s*;\s*rel="service-desc"/);
    return found.ok && named ? new URL(named[1], page).href : "";
  } catch { return ""; }
};

// facts: graph, language, triples, limit (above it, the terms are not asked for). hear is told what the worker would say.
globalThis.queryServer = (endpoint, facts, hear) => {
  const ended = new AbortController();
  let line = Promise.resolve();
  const tell = (said) => { if (!ended.signal.aborted) hear(said); };

  // A release beside the one that is asked has a graph of another name, which its endpoint's address says.
  const address = new URL(endpoint);
  const graph = address.searchParams.get("default-graph-uri") ?? facts.graph;
  address.search = "";

  async function ask(query, accept = "application/sparql-results+json") {
    const body = new URLSearchParams({ query, "default-graph-uri": graph });
    const found = await fetch(address, { method: "POST", body, signal: ended.signal, headers: { accept, "accept-language": facts.language } });
    const text = await found.text();
    if (found.ok) return text;
    let said = { title: `${found.status} ${found.statusText}` };
    try { said = JSON.parse(text); } catch { /* no problem in the form of RFC 9457: the status is told */ }
    throw Object.assign(new Error([said.title, said.detail].filter(Boolean).join("\n")), { name: found.status === 400 ? "Error" : "NotAnswered" });
  }
  const bindings = async (query) => JSON.parse(await ask(query)).results.bindings;

  async function answer({ query, kind, id, named }) {
    const begun = performance.now();
    const graph = kind === "CONSTRUCT" || kind === "DESCRIBE";
    const text = await ask(query, graph ? "text/turtle" : undefined);
    const ms = Math.round(performance.now() - begun);
    const triples = graph ? (await ask(query, "application/n-triples")).split("\n").filter(Boolean).length : 0;
    const csv = kind === "SELECT" ? commas(JSON.parse(text)) : "";
    // What only helps (labels, terms, this) may fail without a word; a question may not.
    const absent = named.length ? await bindings(queryAsked.absent(named)).catch(() => []) : [];
    tell({ stage: "answer", id, text, csv, kind, triples, ms, absent: absent.map(({ i }) => i.value) });
  }

  async function labels({ iris, language, id }) {
    tell({ stage: "labels", id, labels: queryAsked.named(await bindings(queryAsked.labels(iris)), language) });
  }

  async function terms() {
    tell({ stage: "terms", terms: (await bindings(queryAsked.terms)).map(({ t }) => t.value) });
  }

  const next = (work, failed = () => {}) => { line = line.then(() => ended.signal.aborted ? null : work()).catch(failed); };
  queueMicrotask(() => {
    tell({ stage: "ready", triples: Number(facts.triples), terms: [] });
    if (Number(facts.triples) <= Number(facts.limit)) next(terms);
  });
  return {
    postMessage(data) {
      if (data.iris) next(() => labels(data));
      else next(() => answer(data), (error) => tell({ stage: "fault", id: data.id, message: error.message, name: error.name }));
    },
    terminate() { ended.abort(); },
  };
};

// Rows as CSV, as SPARQL 1.1 writes them.
function commas({ head, results }) {
  const cell = (term) => !term ? "" : (term.type === "bnode" ? `_:${term.value}` : term.value).replace(/^.*[",\r\n][^]*$/s, (text) => `"${text.replaceAll('"', '""')}"`);
  return [head.vars.join(","), ...results.bindings.map((row) => head.vars.map((name) => cell(row[name])).join(","))].map((text) => `${text}\r\n`).join("");
}
