// The query page: an editor, the examples, and answers as table, CSV or JSON.
// Where the page's server answers queries they go to it; elsewhere, nothing typed here leaves the page.
"use strict";
{
  const asking = document.getElementById("asking");
  const words = document.getElementById("words").dataset;
  const byId = (id) => document.getElementById(id);
  const state = byId("state");
  const most = 1000;
  const facts = asking.dataset;
  let worker = null;
  let endpoint = ""; // of the server that the page comes from, where it answers queries
  let script = null; // the worker's script as a blob: so made, the worker is held to this page's policy
  let ready = false;
  let waiting = null;
  let answer = null;
  let turn = 0;
  let labels = {};
  const help = globalThis.queryHelp(JSON.parse(byId("prefixes").textContent));
  let terms = [];
  let asked = new Map();

  if (location.protocol === "file:") {
    const folder = decodeURIComponent(location.pathname).replace(/[^/]*$/, "").replace(new RegExp(`/${facts.folder}$`), "");
    byId("opened-from-file").querySelector("code").textContent = `python -m http.server -d '${folder.replaceAll("'", "'\\''")}'`;
    byId("opened-from-file").hidden = false;
  }
  else globalThis.queryEndpoint(location.href.replace(/#.*/, "")).then((found) => {
    endpoint = found;
    if (endpoint) byId("lead").textContent = words.served;
    if (endpoint || Number(facts.triples) <= Number(facts.limit)) begin();
    else { byId("too-large").hidden = false; byId("anyway").addEventListener("click", () => { byId("too-large").hidden = true; begin(); }); }
  });

  function begin() {
    asking.hidden = false;
    Yasqe.defaults.autocompleters = [];
    const editor = new Yasqe(byId("editor"), { value: "", persistenceId: null, showQueryButton: false, createShareableLink: null, consumeShareLink: null, autocompleters: [], resizeable: false, viewportMargin: Infinity, editorHeight: null, extraKeys: { "Ctrl-Space": complete, "Ctrl-Enter": run, "Cmd-Enter": run, Esc: (cm) => leave(cm) } });
    editor.getInputField().setAttribute("aria-labelledby", "editor-name");
    editor.getInputField().setAttribute("aria-describedby", "editor-keys");

    // Terms of the data that hold what is typed, with their prefixes.
    function complete(cm) {
      const at = cm.getCursor();
      const typed = cm.getLine(at.line).slice(0, at.ch).match(/[\w:-]*$/)[0];
      const list = terms.map(help.short).filter((term) => !term.startsWith("<") && term.toLowerCase().includes(typed.toLowerCase())).sort().slice(0, 50);
      cm.showHint({ completeSingle: false, hint: () => ({ list, from: { line: at.line, ch: at.ch - typed.length }, to: at }) });
    }

    // After Escape, Tab leaves the editor, as the hint says; so that a keyboard is never caught in it.
    function leave(cm) { cm.setOption("extraKeys", { ...cm.getOption("extraKeys"), Tab: false, "Shift-Tab": false }); }
    editor.on("blur", (cm) => { const keys = { ...cm.getOption("extraKeys") }; delete keys.Tab; delete keys["Shift-Tab"]; cm.setOption("extraKeys", keys); });

    const narrow = matchMedia("(max-width: 62rem)").matches;
    document.querySelector(".examples details").open = !narrow;
    for (const button of document.querySelectorAll(".examples button")) {
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => { write(button.dataset.query); press(button); run(); if (narrow) { document.querySelector(".examples details").open = false; byId("editor-name").scrollIntoView(); } });
    }
    const shared = asked();
    const first = document.querySelector(".examples button");
    write(shared ?? first.dataset.query);
    if (!shared) press(first);
    start();
    run();

    byId("run").addEventListener("click", run);
    byId("stop").addEventListener("click", () => { worker.terminate(); waiting = null; start(words.stopped); });
    byId("share").addEventListener("click", share);
    for (const radio of document.querySelectorAll("input[name=form]")) radio.addEventListener("change", show);
    for (const button of document.querySelectorAll(".save")) button.addEventListener("click", () => save(button.dataset.form));
    addEventListener("hashchange", () => { const query = asked(); if (query && query !== editor.getValue()) { write(query); run(); } });

    // The query of the address: its own words, or an example by its name.
    function asked() {
      const given = new URLSearchParams(location.hash.slice(1));
      const example = document.querySelector(`.examples button[data-name="${CSS.escape(given.get("example") ?? "")}"]`);
      return given.get("query") ?? example?.dataset.query ?? null;
    }
    function write(query) { editor.setValue(query); for (const other of document.querySelectorAll(".examples button")) other.setAttribute("aria-pressed", "false"); }
    function press(button) { button.setAttribute("aria-pressed", "true"); }

    function start(said) {
      ready = false;
      state.textContent = said ?? words.loadingEngine;
      busy(false);
      if (endpoint) {
        worker = globalThis.queryServer(endpoint, { graph: facts.base, ...facts }, hear);
        if (!said) state.textContent = "";
        return;
      }
      script ??= Promise.all([facts.asked, facts.worker].map(async (name) => {
        const found = await fetch(name);
        if (!found.ok) throw new Error(`${found.status} ${found.statusText}`);
        return found.text();
      })).then((texts) => URL.createObjectURL(new Blob(texts, { type: "text/javascript" })));
      script.then(hire, (error) => { script = null; fault(words.noLoad, error.message); });
    }

    function hire(address) {
      worker = new Worker(address, { type: "module" });
      worker.addEventListener("message", ({ data }) => hear(data));
      worker.addEventListener("error", (event) => fault(words.noLoad, event.message ?? ""));
      const load = [facts.dump, facts.labels].filter(Boolean).map((name) => new URL(name, document.baseURI).href);
      worker.postMessage({ load, engine: new URL(facts.engine, document.baseURI).href });
    }

    function hear(data) {
      if (data.stage === "data") state.textContent = words.loadingData;
      else if (data.stage === "ready") { ready = true; terms = data.terms; state.textContent = words.ready.replace("{n}", data.triples.toLocaleString(document.documentElement.lang)); if (waiting) send(); }
      else if (data.stage === "terms") terms = data.terms;
      else if (data.stage === "fault") { busy(false); if (data.id === undefined) fault(words.noLoad, data.message); else if (data.name === "ServiceRefused") fault(words.service, ""); else if (data.name === "NotAnswered") fault(words.failed, data.message); else wrong(data.message); }
      else if (data.stage === "labels") { if (data.id === turn) { labels = data.labels; show(); } }
      else if (data.id === turn) {
        busy(false);
        answer = data;
        labels = {};
        show();
        const isExample = [...document.querySelectorAll(".examples button")].some((button) => button.dataset.query === editor.getValue());
        for (const iri of isExample ? [] : data.absent.slice(0, 3)) {  // an example asks also for what few releases have
          const near = help.nearest(iri, terms);
          hint(byId("hint").hidden ? "" : byId("hint").textContent, words.unknownTerm.replace("{term}", asked.get(iri)), near && words.nearest.replace("{term}", help.short(near)));
        }
        if (answer.kind === "SELECT") {
          const iris = new Set(JSON.parse(answer.text).results.bindings.slice(0, most).flatMap((row) => Object.values(row)).filter(({ type, value }) => type === "uri" && !/[<>"{}|^`\\\s]/.test(value)).map(({ value }) => value));
          if (iris.size) worker.postMessage({ iris: [...iris], language: facts.language, id: turn });
        }
      }
    }

    function run() {
      byId("hint").hidden = true;
      let query = editor.getValue();
      if (help.isUpdate(query)) { fault(words.update, ""); return; }
      const { known, lines } = help.missing(query);
      if (known.length) {
        query = lines + query;
        editor.setValue(query);
        hint(words.prefixesAdded.replace("{names}", known.join(", ")));
      }
      waiting = query;
      if (ready) send();
    }
    function hint(...said) { byId("hint").textContent = said.filter(Boolean).join(" "); byId("hint").hidden = false; }
    function send() {
      byId("fault").hidden = true;
      state.textContent = words.running;
      busy(true);
      turn += 1;
      asked = help.named(waiting);
      worker.postMessage({ query: waiting, kind: kindOf(waiting), id: turn, named: [...asked.keys()] });
      waiting = null;
    }
    function kindOf(query) {
      const bare = query.replace(/#[^\n]*|<[^<>\s]*>|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, " ");
      return (bare.match(/(?<![\w?$:])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:])/i)?.[1] ?? "SELECT").toUpperCase();
    }
    function busy(yes) { byId("stop").disabled = !yes; byId("shown").setAttribute("aria-busy", String(yes)); }

    function wrong(message) {
      const { unknown } = help.missing(editor.getValue());
      if (unknown.length) { fault(words.prefixUnknown.replaceAll("{names}", unknown.join(", ")), ""); return; }
      const place = message.match(/(\d+):(\d+)/);
      const short = message.split(": expected")[0];
      if (!place) { fault(words.failed, short); return; }
      const [line, column] = [Number(place[1]), Number(place[2])];
      const text = editor.getValue().split("\n")[line - 1] ?? "";
      const expected = message.match(/expected (?:one of )?(.*)/s)?.[1]?.replaceAll("\n", " ").slice(0, 120);
      fault(`${words.wrong} ${words.line.replace("{line}", line).replace("{column}", column)}`, `${text}\n${" ".repeat(Math.max(0, column - 1))}^${expected ? `\n${words.expected.replace("{what}", expected)}` : ""}`);
      editor.setCursor({ line: line - 1, ch: Math.max(0, column - 1) });
    }
    function fault(title, detail) {
      state.textContent = "";
      busy(false);
      byId("answer").hidden = true;
      const box = byId("fault");
      const strong = document.createElement("strong");
      strong.textContent = title;
      const pre = document.createElement("pre");
      pre.textContent = detail;
      box.replaceChildren(strong, pre);
      box.hidden = false;
    }

    function share() {
      const link = new URL(location.href);
      link.hash = new URLSearchParams({ query: editor.getValue() }).toString();
      history.replaceState(null, "", link);
      const copied = navigator.clipboard?.writeText(link.href) ?? Promise.reject();
      copied.then(() => { state.textContent = words.shared; }, () => { state.textContent = words.link; });
    }
  }

  function show() {
    const rows = answer.kind === "SELECT" ? JSON.parse(answer.text).results.bindings.length : 0;
    const form = document.querySelector("input[name=form]:checked").value;
    const graph = answer.kind === "CONSTRUCT" || answer.kind === "DESCRIBE";
    byId("answer").hidden = false;
    byId("fault").hidden = true;
    const count = (text, n) => globalThis.counted(text, n).replace("{ms}", answer.ms);
    if (answer.kind === "SELECT") state.textContent = count(words.rows, rows);
    else if (graph) state.textContent = count(words.triples, answer.triples);
    else state.textContent = JSON.parse(answer.text).boolean ? words.yes : words.no;
    const drawn = answer.kind === "SELECT" && charted(JSON.parse(answer.text));
    document.querySelector("input[value=chart]").parentNode.hidden = !drawn;
    document.querySelector("fieldset.forms").hidden = answer.kind !== "SELECT";
    for (const button of document.querySelectorAll(".save")) button.hidden = graph ? button.dataset.form !== "turtle" : button.dataset.form === "turtle" || (answer.kind === "ASK" && button.dataset.form === "csv");
    const shown = byId("shown");
    if (form === "chart" && drawn) shown.replaceChildren(chart(drawn));
    else if (answer.kind === "SELECT" && (form === "table" || form === "chart")) shown.replaceChildren(...table(JSON.parse(answer.text)));
    else {
      const pre = document.createElement("pre");
      pre.textContent = answer.kind === "ASK" ? state.textContent : form === "csv" && !graph ? answer.csv : graph ? answer.text : JSON.stringify(JSON.parse(answer.text), null, 1);
      shown.replaceChildren(pre);
    }
  }

  function table({ head, results }) {
    const made = document.createElement("table");
    const top = made.createTHead().insertRow();
    for (const name of head.vars) { const cell = document.createElement("th"); cell.scope = "col"; cell.textContent = name; top.append(cell); }
    const body = made.createTBody();
    for (const binding of results.bindings.slice(0, most)) {
      const row = body.insertRow();
      for (const name of head.vars) row.insertCell().append(...term(binding[name]));
    }
    const more = document.createElement("p");
    more.className = "hint";
    more.textContent = words.shown.replace("{n}", most);
    return results.bindings.length > most ? [made, more] : [made];
  }

  // Rows of a name and a number, at most fifty: what a chart can show; null for any other answer.
  function charted({ head, results }) {
    if (head.vars.length !== 2 || !results.bindings.length || results.bindings.length > 50) return null;
    const [name, number] = head.vars;
    const rows = results.bindings.map((row) => [labels[row[name]?.value] ?? term(row[name])[0]?.textContent ?? "", row[number]?.type === "literal" && row[number].value.trim() !== "" ? Number(row[number].value) : NaN]);
    return rows.every(([, n]) => Number.isFinite(n) && n >= 0) ? rows : null;
  }

  // Bars, each with its name and its number: readable without colour; the table beside says the same.
  function chart(rows) {
    const [high, wide, left] = [26, 700, 260];
    const make = (name, facts, text = "") => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
      made.textContent = text;
      return made;
    };
    const svg = make("svg", { viewBox: `0 0 ${wide} ${rows.length * high}`, class: "chart", role: "img", "aria-label": byId("answer-name").textContent });
    const most_ = Math.max(...rows.map(([, n]) => n)) || 1;
    rows.forEach(([name, n], at) => {
      const y = at * high;
      svg.append(
        make("text", { x: left - 8, y: y + 17, "text-anchor": "end" }, name.length > 38 ? `${name.slice(0, 37)}…` : name),
        make("rect", { x: left, y: y + 4, width: Math.max(1, (wide - left - 90) * n / most_), height: high - 8 }),
        make("text", { x: left + (wide - left - 90) * n / most_ + 6, y: y + 17 }, n.toLocaleString(document.documentElement.lang)),
      );
    });
    return svg;
  }

  // An IRI of the release leads to its page, one of the web to itself; any other scheme is text.
  function term(value) {
    if (!value) return [];
    if (value.type !== "uri") { const span = document.createElement("span"); span.textContent = value.value; if (value["xml:lang"]) span.lang = value["xml:lang"]; span.dir = "auto"; return [span]; }
    const iri = value.value;
    const own = iri.startsWith(facts.base) ? iri.slice(facts.base.length) : "";
    const ours = iri.match(/^https:\/\/w3id\.org\/openproposals\/((?:ns|code)(?:[#/].*)?)$/)?.[1].replace("#", "/");
    const link = document.createElement("a");
    const key = "[A-Za-z0-9][A-Za-z0-9._~-]*";
    if (new RegExp(`^(?:proposal|statistic|source|theme|document|agent)/${key}$`).test(own)) link.href = `${facts.root}/${facts.folder}${own}.html`;
    else if (new RegExp(`^[a-z]+(?:-[a-z]+)*/${key}$`).test(own)) link.href = `${facts.root}/${own}.html`;
    else if (ours) link.href = `${facts.root}/${facts.folder}term/${ours}.html`;
    else if (/^https?:\/\//.test(iri)) { link.href = iri; link.rel = "noreferrer nofollow external"; }
    link.textContent = own || iri.replace(/^https?:\/\/(w3id\.org\/openproposals\/(code\/)?)?/, "");
    if (!link.href) { const span = document.createElement("span"); span.textContent = iri; return [span]; }
    const label = labels[iri];
    if (!label) return [link];
    const small = document.createElement("small");
    small.dir = "auto";
    small.textContent = label;
    return [link, " ", small];
  }

  function save(form) {
    const types = { csv: "text/csv", json: "application/sparql-results+json", turtle: "text/turtle" };
    const text = form === "csv" ? answer.csv : answer.text;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: types[form] }));
    link.download = `answer.${form === "turtle" ? "ttl" : form}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}
