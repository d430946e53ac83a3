"use strict";
// The review page: candidates beside the text, decided by keys alone, saved as the workbook candidates.csv.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words, columns = data.columns, rows = data.rows;
const el = (id) => document.getElementById(id);
const texts = new Map(data.texts.map((t) => [t.id, { ...t, points: Array.from(t.content) }]));
const KINDS = ["heading", "proposal", "figure", "mark", "note", "source", "page"];
const YES = new Set(data.yes), NO = new Set(data.no);
let at = 0, shown = "", changed = false, asked = false;
const reasons = {}; // the last one given, by kind

const state = (row) => { const said = row.keep.trim().toLowerCase(); return YES.has(said) ? "yes" : NO.has(said) ? "no" : ""; };
const plain = (cell) => cell.startsWith("'") ? cell.slice(1) : cell;
const node = (name, text, kind) => { const made = document.createElement(name); made.textContent = text; if (kind) made.className = kind; return made; };

function order() {
  const place = new Map(data.texts.map((t, n) => [t.id, n]));
  rows.sort((a, b) => place.get(a.text) - place.get(b.text) || a.start - b.start || b.end - a.end || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

function drawText() {
  const parts = [];
  for (const text of texts.values()) {
    parts.push(node("h2", text.name));
    const own = rows.map((row, n) => [row, n]).filter(([row]) => row.text === text.id);
    const cuts = new Set([0, text.points.length]);
    for (const [row] of own) { cuts.add(+row.start); cuts.add(+row.end); }
    for (const gone of text.dismissed) { cuts.add(gone[0]); cuts.add(gone[1]); }
    const places = [...cuts].sort((a, b) => a - b);
    const begins = own.map(([row, n]) => ({ n, start: +row.start, end: +row.end, kind: row.kind }));
    let next = 0, dismissed = 0;
    let open = [];
    for (let p = 0; p + 1 < places.length; p++) {
      const [start, end] = [places[p], places[p + 1]];
      open = open.filter((o) => o.end > start);
      while (next < begins.length && begins[next].start <= start) { if (begins[next].end > start) open.push(begins[next]); next++; }
      while (dismissed < text.dismissed.length && text.dismissed[dismissed][1] <= start) dismissed++;
      const said = text.points.slice(start, end).join("");
      const gone = text.dismissed[dismissed];
      if (open.length) {
        const inner = open.reduce((a, b) => (b.end - b.start <= a.end - a.start ? b : a));
        const made = node("mark", said, inner.kind);
        made.dataset.rows = open.map((o) => o.n).join(" ");
        parts.push(made);
      } else if (gone && gone[0] <= start && end <= gone[1]) {
        const made = node("span", said, "gone");
        made.title = gone[2];
        parts.push(made);
      } else parts.push(document.createTextNode(said));
    }
  }
  el("text").replaceChildren(...parts);
  for (const mark of el("text").querySelectorAll("mark")) mark.addEventListener("click", () => go(+mark.dataset.rows.split(" ").pop()));
  paintText();
}

function paintText() {
  for (const mark of el("text").querySelectorAll("mark")) {
    const own = mark.dataset.rows.split(" ").map(Number);
    mark.classList.toggle("here", own.includes(at));
    const states = own.map((n) => state(rows[n]));
    mark.classList.toggle("yes", states.includes("yes"));
    mark.classList.toggle("no", !states.includes("yes") && states.includes("no"));
  }
}

function item(row, n) {
  const made = node("li", "");
  made.id = `row-${n}`;
  made.setAttribute("role", "option");
  made.append(node("span", `${words[state(row) || "open"]} `, "state"), node("span", `${words.kinds[row.kind] || row.kind} `, "kind"));
  made.append(node("span", plain(row.words).slice(0, 160), "said"), node("span", [plain(row.reason), row.new ? words.new : "", row.label, row.why].filter(Boolean).join(" · "), "why"));
  made.addEventListener("click", () => go(n));
  return made;
}

function drawList() {
  const some = rows.map((row, n) => [row, n]).filter(([row]) => !shown || row.kind === shown);
  el("list").replaceChildren(...some.map(([row, n]) => item(row, n)));
}

function drawRow(n) {
  const old = el(`row-${n}`);
  if (old) old.replaceWith(item(rows[n], n));
}

function status() {
  const left = rows.filter((row) => !state(row)).length;
  const bare = rows.filter((row) => state(row) === "yes" && ["heading", "proposal", "figure"].includes(row.kind) && !row.label.trim()).length;
  const dry = rows.filter((row) => state(row) === "no" && !row.why.trim()).length;
  el("status").textContent = words.status.replace("{n}", rows.length).replace("{left}", left).replace("{bare}", bare).replace("{dry}", dry) + (changed ? ` ${words.unsaved}` : "");
}

function go(n, quiet) {
  if (!rows.length) return;
  const old = el(`row-${at}`);
  if (old) old.setAttribute("aria-selected", "false");
  at = Math.max(0, Math.min(n, rows.length - 1));
  const now = el(`row-${at}`);
  if (now) {
    now.setAttribute("aria-selected", "true");
    el("list").setAttribute("aria-activedescendant", now.id);
    now.scrollIntoView({ block: "nearest" });
  }
  paintText();
  const here = el("text").querySelector("mark.here");
  if (here) here.scrollIntoView({ block: "center" });
  el("label").value = rows[at].label;
  el("why").value = rows[at].why;
  if (!quiet) el("list").focus({ preventScroll: true });
}

const visible = (n) => !shown || rows[n].kind === shown;
function step(by, wanted = () => true) {
  for (let n = at + by; n >= 0 && n < rows.length; n += by) if (visible(n) && wanted(n)) return go(n);
}

function decide(keep) {
  const row = rows[at];
  if (!row) return;
  row.keep = keep;
  if (keep === "no" && !row.why.trim()) row.why = reasons[row.kind] ?? "";
  changed = true;
  drawRow(at);
  status();
  if (keep === "no" && !row.why.trim()) { // a reason is needed: the next ones of its kind take it over
    go(at);
    el("why").select();
    asked = true;
    return;
  }
  const here = at;
  step(1);
  if (at === here) go(here);
}

function write(name) {
  if (!rows[at] || rows[at][name] === el(name).value) return;
  rows[at][name] = el(name).value;
  changed = true;
  drawRow(at);
  status();
}

function filter(kind) {
  shown = shown === kind ? "" : kind;
  drawList();
  const first = visible(at) ? at : rows.findIndex((row) => row.kind === shown);
  go(first < 0 ? at : first);
}

function places(said) {
  const wanted = Array.from(said), text = texts.get(rows[at] ? rows[at].text : data.texts[0].id);
  const found = [];
  for (let p = 0; wanted.length && p + wanted.length <= text.points.length; p++) if (wanted.every((c, k) => text.points[p + k] === c)) found.push(p);
  return [text, found];
}

function add() {
  const [text, found] = places(el("words").value);
  if (!found.length) return;
  const from = rows[at] ? +rows[at].start : 0;
  const start = found.find((p) => p >= from) ?? found[0];
  const end = start + Array.from(el("words").value).length;
  const made = Object.fromEntries(columns.map((name) => [name, ""]));
  Object.assign(made, { kind: el("kind").value, text: text.id, start: String(start), end: String(end), keep: "yes", words: el("words").value });
  rows.push(made);
  order();
  changed = true;
  drawText(); drawList(); status();
  go(rows.indexOf(made));
}

function csv() {
  const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return [columns.join(","), ...rows.map((row) => columns.map((name) => quoted(row[name] ?? "")).join(","))].join("\n") + "\n";
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  link.download = "candidates.csv";
  link.click();
  URL.revokeObjectURL(link.href);
  changed = false;
  status();
}

const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  Home: () => go(0), End: () => go(rows.length - 1),
  y: () => decide("yes"), n: () => decide("no"), u: () => decide(""),
  " ": () => step(1, (n) => !state(rows[n])),
  l: () => el("label").select(), Enter: () => el("label").select(), w: () => el("why").select(),
  t: () => el("text").focus(), a: () => { el("words").value = ""; el("found").textContent = ""; el("adding").showModal(); el("words").focus(); },
  s: save,
};
KINDS.forEach((kind, n) => { KEYS[String(n + 1)] = () => filter(kind); });
KEYS["0"] = () => filter(shown);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || el("adding").open) return;
  if (event.target.matches("input")) {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const given = event.key === "Enter", name = event.target.id, on = asked && given;
    asked = false;
    if (!rows[at]) return;
    if (given && name === "why" && event.target.value.trim()) reasons[rows[at].kind] = event.target.value;
    if (!given) event.target.value = rows[at][name];
    write(name);
    go(at);
    if (on) step(1);
    return;
  }
  if (event.target === el("text") && !["s", "l", "w", "a"].includes(event.key)) { if (event.key === "Escape") go(at); return; }
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});
for (const name of ["label", "why"]) el(name).addEventListener("change", () => write(name));
el("cells").addEventListener("submit", (event) => event.preventDefault());
el("words").addEventListener("input", () => { el("found").textContent = words.found.replace("{n}", places(el("words").value)[1].length); });
el("adding").addEventListener("close", () => { if (el("adding").returnValue === "add") add(); else go(at); });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

for (const name of ["label", "why", "words", "kind"]) document.querySelector(`label[for=${name}]`).textContent = words.cells[name];
el("kind").append(...KINDS.slice(0, -1).map((kind) => { const made = node("option", words.kinds[kind]); made.value = kind; return made; }));
el("kind").value = "figure";
el("add").textContent = words.add;
el("cancel").textContent = words.cancel;
el("text").setAttribute("aria-label", words.text);
el("list").setAttribute("aria-label", words.list);
el("keys").append(...Object.entries(words.keys).flatMap(([key, said]) => [node("kbd", said.split(" ")[0]), document.createTextNode(` ${said.split(" ").slice(1).join(" ")}   `)]));
order(); drawText(); drawList(); status(); go(Math.max(0, rows.findIndex((row) => !state(row))));
