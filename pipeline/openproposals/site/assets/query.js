// The query page: an editor, the examples, and answers as table, CSV or JSON. Nothing typed here leaves the page.
"use strict";
{
  const asking = document.getElementById("asking");
  const words = document.getElementById("words").dataset;
  const byId = (id) => document.getElementById(id);
  const state = byId("state");
  const most = 1000;
  const facts = asking.dataset;
  let worker = null;
  let script = null; // the worker's script as a blob: so made, the worker is held to this page's policy
  let ready = false;
  let waiting = null;
  let answer = null;
  let turn = 0;

  if (location.protocol === "file:") {
    const folder = decodeURIComponent(location.pathname).replace(/\/(en\/)?[^/]*$/, "");
    byId("opened-from-file").querySelector("code").textContent = `python -m http.server -d '${folder.replaceAll("'", "'\\''")}'`;
    byId("opened-from-file").hidden = false;
  }
  else if (Number(facts.triples) > Number(facts.limit)) { byId("too-large").hidden = false; byId("anyway").addEventListener("click", () => { byId("too-large").hidden = true; begin(); }); }
  else begin();

  function begin() {
    asking.hidden = false;
    Yasqe.defaults.autocompleters = [];
    const editor = new Yasqe(byId("editor"), { value: "", persistenceId: null, showQueryButton: false, createShareableLink: null, consumeShareLink: null, autocompleters: [], resizeable: false, viewportMargin: Infinity, editorHeight: null, extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, Esc: (cm) => leave(cm) } });
    editor.getInputField().setAttribute("aria-labelledby", "editor-name");
    editor.getInputField().setAttribute("aria-describedby", "editor-keys");

    // After Escape, Tab leaves the editor, as the hint says; so that a keyboard is never caught in it.
    function leave(cm) { cm.setOption("extraKeys", { ...cm.getOption("extraKeys"), Tab: false, "Shift-Tab": false }); }
    editor.on("blur", (cm) => { const keys = { ...cm.getOption("extraKeys") }; delete keys.Tab; delete keys["Shift-Tab"]; cm.setOption("extraKeys", keys); });

    for (const button of document.querySelectorAll(".examples button")) {
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => { write(button.dataset.query); press(button); run(); });
    }
    const shared = new URLSearchParams(location.hash.slice(1)).get("query");
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
    addEventListener("hashchange", () => { const query = new URLSearchParams(location.hash.slice(1)).get("query"); if (query && query !== editor.getValue()) { write(query); run(); } });

    function write(query) { editor.setValue(query); for (const other of document.querySelectorAll(".examples button")) other.setAttribute("aria-pressed", "false"); }
    function press(button) { button.setAttribute("aria-pressed", "true"); }

    function start(said) {
      ready = false;
      state.textContent = said ?? words.loadingEngine;
      busy(false);
      script ??= fetch(facts.worker).then((found) => { if (!found.ok) throw new Error(`${found.status} ${found.statusText}`); return found.text(); })
        .then((text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
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
      else if (data.stage === "ready") { ready = true; state.textContent = words.ready.replace("{n}", data.triples.toLocaleString(document.documentElement.lang)); if (waiting) send(); }
      else if (data.stage === "fault") { busy(false); if (data.id === undefined) fault(words.noLoad, data.message); else if (data.name === "ServiceRefused") fault(words.service, ""); else wrong(data.message); }
      else if (data.id === turn) { busy(false); answer = data; show(); }
    }

    function run() { waiting = editor.getValue(); if (ready) send(); }
    function send() {
      byId("fault").hidden = true;
      state.textContent = words.running;
      busy(true);
      turn += 1;
      worker.postMessage({ query: waiting, kind: kindOf(waiting), id: turn });
      waiting = null;
    }
    function kindOf(query) {
      const bare = query.replace(/#[^\n]*|<[^<>\s]*>|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, " ");
      return (bare.match(/(?<![\w?$:])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:])/i)?.[1] ?? "SELECT").toUpperCase();
    }
    function busy(yes) { byId("stop").disabled = !yes; byId("shown").setAttribute("aria-busy", String(yes)); }

    function wrong(message) {
      const place = message.match(/(\d+):(\d+)/);
      const short = message.split(": expected")[0];
      if (!place) { fault(words.failed, short); return; }
      const [line, column] = [Number(place[1]), Number(place[2])];
      const text = editor.getValue().split("\n")[line - 1] ?? "";
      fault(`${words.wrong} ${words.line.replace("{line}", line).replace("{column}", column)}`, `${text}\n${" ".repeat(Math.max(0, column - 1))}^`);
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
    else if (graph) { const n = answer.text.split(/[;.]\s*\n/).length - 1; state.textContent = count(words.triples, n); }
    else state.textContent = JSON.parse(answer.text).boolean ? words.yes : words.no;
    document.querySelector("fieldset.forms").hidden = answer.kind !== "SELECT";
    for (const button of document.querySelectorAll(".save")) button.hidden = graph ? button.dataset.form !== "turtle" : button.dataset.form === "turtle" || (answer.kind === "ASK" && button.dataset.form === "csv");
    const shown = byId("shown");
    if (answer.kind === "SELECT" && form === "table") shown.replaceChildren(...table(JSON.parse(answer.text)));
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

  // An IRI of the release leads to its page, one of the web to itself; any other scheme is text.
  function term(value) {
    if (!value) return [];
    if (value.type !== "uri") { const span = document.createElement("span"); span.textContent = value.value; if (value["xml:lang"]) span.lang = value["xml:lang"]; span.dir = "auto"; return [span]; }
    const own = value.value.startsWith(facts.base) ? value.value.slice(facts.base.length) : "";
    const prefix = location.pathname.includes("/en/") ? "en/" : "";
    const link = document.createElement("a");
    if (/^(proposal|statistic|source|theme|document|agent)\/[A-Za-z0-9][A-Za-z0-9._~-]*$/.test(own)) { link.href = `${facts.root}/${prefix}${own}.html`; link.textContent = own; }
    else if (/^https?:\/\//.test(value.value)) { link.href = value.value; link.rel = "noreferrer nofollow external"; link.textContent = own || value.value.replace(/^https?:\/\/(w3id\.org\/openproposals\/(code\/)?)?/, ""); }
    else { const span = document.createElement("span"); span.textContent = value.value; return [span]; }
    return [link];
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
