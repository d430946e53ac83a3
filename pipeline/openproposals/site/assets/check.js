// The page that looks for a release's passages in a document of the reader's: chosen here, read here, sent nowhere.
import { ofHtml } from "./markup.js";
import { ofDocx } from "./office.js";

const byId = (id) => document.getElementById(id);
const form = byId("checking");
const state = byId("state");
const words = byId("words").dataset;
const said = JSON.parse(byId("grades-said").textContent);
const facts = form.dataset;
const address = (path) => new URL(path, location.href).href;
const ORDER = ["figure-altered", "not-found", "moved", "reworded-form", "found", "in-place"];
let texts = null;
let worker = null;
let name = "";
let graded = null;

if (location.protocol === "file:") byId("opened-from-file").hidden = false;
else {
  form.hidden = false;
  byId("document").addEventListener("change", () => begin(byId("document").files[0]));
  byId("text").addEventListener("change", () => { if (graded) show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  // a browser keeps the file that was chosen when a page is loaded again
  if (byId("document").files.length) begin(byId("document").files[0]);
}

async function begin(file) {
  if (!file) return;
  graded = null;
  name = file.name;
  byId("checked").hidden = true;
  state.textContent = words.reading;
  try {
    texts ??= await fetchTexts();
    const bytes = new Uint8Array(await file.arrayBuffer());
    const kind = kindOf(bytes, file.name.toLowerCase().split(".").pop());
    if (words[kind]) state.textContent = words[kind];
    else if (kind === "pdf") hire({ bytes });
    else if (kind === "docx") hire({ text: await ofDocx(bytes) });
    else hire({ text: kind === "html" ? ofHtml(decoded(bytes)) : utf8(bytes) });
  } catch (error) { fault(error); }
}

// What a file is, as the command tells it: its first bytes, then its name; else the name of the sentence that is said of it.
function kindOf(bytes, extension) {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).trimStart().toLowerCase();
  if (!bytes.length) return "nothing";
  if (start.startsWith("%pdf-")) return facts.engine ? "pdf" : "noPdf";
  if (["html", "htm", "xhtml"].includes(extension) || /^<(?:!doctype html|html)/.test(start)) return "html";
  if (start.startsWith("pk\u0003\u0004") && extension === "docx") return "docx";
  if (start.startsWith("\u00f0\u00ef\u0011\u00e0")) return "old";  // Office before 2007, or a newer file with a password
  return /^pk[\u0001-\u0008]/.test(start) || ["md", "markdown"].includes(extension) ? "kind" : "text";
}

function utf8(bytes) {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { throw Object.assign(new Error("UTF-8"), { name: "EncodingError" }); }
}

// A page in UTF-8, else in the encoding that it declares.
function decoded(bytes) {
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { /* in another encoding */ }
  const declared = /charset\s*=\s*["']?([\w-]+)/i.exec(new TextDecoder("latin1").decode(bytes.subarray(0, 4096)));
  return new TextDecoder(declared?.[1] ?? "windows-1252").decode(bytes);
}

async function fetchTexts() {
  const answer = await fetch(facts.passages);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const found = (await answer.json()).texts;
  for (const text of found) byId("text").append(new Option(text.document[facts.language] ?? text.id, text.id));
  byId("which").hidden = found.length < 2;
  return found;
}

// A worker made of a blob is held to this page's policy, which lets nothing out.
async function hire(task) {
  worker?.terminate();
  const script = await (await fetch(facts.worker)).blob();
  worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
  worker.addEventListener("error", (event) => fault(event));
  worker.addEventListener("message", ({ data }) => {
    if (data.stage === "ready") worker.postMessage({ ...task, texts, engine: facts.engine ? `${address(facts.engine)}/` : "" }, task.bytes ? [task.bytes.buffer] : []);
    else if (data.stage === "page") state.textContent = words.page.replace("{page}", data.page).replace("{pages}", data.pages);
    else if (data.stage === "empty") state.textContent = words.empty;
    else if (data.stage === "fault") fault(data);
    else if (data.stage === "graded") { graded = data.graded; worker.terminate(); show(); }
  });
  worker.postMessage({ root: `${address(facts.root)}/` });
  if (task.text !== undefined) state.textContent = words.grading;
}

// What pdf.js and the browser's decoders call what went wrong, and the sentence that is said of it.
const FAULTS = { PasswordException: "password", InvalidPDFException: "damaged", EncodingError: "kind" };

function fault(error) {
  console.info(error?.message ?? error);
  state.textContent = words[FAULTS[error?.name]] ?? words.fault;
}

const stands = ({ grade }) => !["figure-altered", "not-found"].includes(grade);

function show() {
  const wanted = byId("text").value;
  const most = graded.reduce((a, b) => (b.passages.filter(stands).length > a.passages.filter(stands).length ? b : a));
  const chosen = graded.find(({ id }) => id === wanted) ?? most;
  const source = new Map(texts.find(({ id }) => id === chosen.id).passages.map((passage) => [passage.id, passage]));
  const found = chosen.passages.filter(stands).length;
  byId("checked-name").textContent = globalThis.counted(words.done.replaceAll("{n}", "{total}"), found).replace("{found}", found).replace("{total}", chosen.passages.length).replace("{name}", name);
  const counts = new Map(ORDER.map((grade) => [grade, chosen.passages.filter((each) => each.grade === grade).length]));
  byId("grades").replaceChildren(...ORDER.filter((grade) => counts.get(grade)).map((grade) => element("li", {}, chip(grade), ` ${counts.get(grade)}`)));
  const sorted = [...chosen.passages].sort((a, b) => ORDER.indexOf(a.grade) - ORDER.indexOf(b.grade) || source.get(a.id).start - source.get(b.id).start);
  byId("passages").replaceChildren(...sorted.map((each) => line(each, source.get(each.id))));
  state.textContent = found ? byId("checked-name").textContent : words.none;
  byId("checked").hidden = false;
}

function line(each, passage) {
  const notes = [passage.place[facts.language], each.page ? words.onPage.replace("{page}", each.page) : "", ...each.forms.map((form) => said.forms[form] ?? form)];
  if (each.printed) notes.push(words.recorded.replace("{printed}", each.printed).replace("{found}", each.found));
  const about = passage.about.map(({ path, label }) => element("a", { href: `${facts.root}/${facts.language === facts.main ? "" : `${facts.language}/`}${path}.html`, dir: "auto" }, label[facts.language] ?? path));
  return element("li", { className: "line" },
    element("p", { className: "head" }, element("span", {}, ...about.flatMap((link, at) => (at ? [", ", link] : [link]))), chip(each.grade)),
    ...(each.words ? [element("p", {}, ...each.words.flatMap((run, at) => [...(at ? [" […] "] : []), element("q", { className: "printed", dir: "auto" }, run)]))] : []),
    element("p", { className: "hint" }, notes.filter(Boolean).join(" · ")));
}

const chip = (grade) => element("span", { className: `status grade-${grade}` }, element("i", { ariaHidden: "true" }), said.grades[grade] ?? grade);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
