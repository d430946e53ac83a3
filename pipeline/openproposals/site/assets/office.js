// A reader's DOCX as text, in the page: insertions that are still tracked are read, deletions and hidden words are not.
// The same as openproposals/factcheck/docx_text.py; tests/site/test_browser.py holds both together.
import { lowered, raised } from "./laid-out.js";

const W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const MOST = 1 << 28;
const NOTES = ["footnote", "endnote"];
const NOT_READ = new Set(["del", "moveFrom", "instrText", "delInstrText", "rPr", "pPr", "rt", "sdtPr", "sdtEndPr", "tblPr"]);
const WRITTEN = { tab: "\t", ptab: "\t", cr: "\n", noBreakHyphen: "-", softHyphen: "\u00ad", lastRenderedPageBreak: "\f" };
const given = (node, name) => node.getAttributeNS(W, name);

export async function ofDocx(bytes) {
  const parts = await unzipped(bytes, /^word\/(?:document|footnotes|endnotes)\.xml$/);
  if (!parts.has("word/document.xml")) throw new Error("DOCX");
  const root = (name) => new DOMParser().parseFromString(parts.get(name), "application/xml").documentElement;
  const boxes = [];
  const body = words(root("word/document.xml"), boxes);
  const notes = [];
  for (const kind of NOTES) {
    if (!parts.has(`word/${kind}s.xml`)) continue;
    for (const note of root(`word/${kind}s.xml`).children) {
      const said = [...note.children].map((each) => words(each, [])).join("");
      if (said.trim() && Number(given(note, "id")) > 0) notes.push(`${raised(given(note, "id"))} ${said.trim().split(/\s+/).join(" ")}`);
    }
  }
  return [body, ...boxes, ...notes].join("\n");
}

function words(node, boxes) {
  const name = node.namespaceURI === W ? node.localName : "";
  if (NOT_READ.has(name) || node.localName === "Fallback") return "";
  if (name === "t") return node.textContent;
  if (Object.hasOwn(WRITTEN, name)) return WRITTEN[name];
  if (name === "br") return [null, "textWrapping"].includes(given(node, "type")) ? "\n" : "";
  if (NOTES.some((kind) => name === `${kind}Reference`)) return raised(given(node, "id"));
  const said = [...node.children].map((each) => words(each, boxes)).join("");
  if (name === "r") return run(node, said);
  if (name === "p") return `${said}\n\n`;
  if (name === "tc") return `${said.trim().split(/\s+/).join(" ")}\t`;
  if (name === "tr") return `${said.replace(/\t$/, "")}\n`;
  if (name === "txbxContent") { boxes.push(said); return ""; }
  return name === "tbl" ? `${said}\n` : said;
}

// The words of a run as they are set: hidden and struck out ones are not read.
function run(node, said) {
  const how = [...node.children].find((each) => each.localName === "rPr")?.children ?? [];
  const set = (name) => [...how].find((each) => each.namespaceURI === W && each.localName === name);
  for (const name of ["vanish", "strike", "dstrike"]) {
    const found = set(name);
    if (found && !["0", "false", "off"].includes(given(found, "val"))) return "";
  }
  const placed = set("vertAlign") ? given(set("vertAlign"), "val") : null;
  return placed === "superscript" ? raised(said) : placed === "subscript" ? lowered(said) : said;
}

// The files of a zip archive whose names match, as text.
async function unzipped(bytes, wanted) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = bytes.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== 0x06054b50) at -= 1;
  if (at < 0) throw new Error("ZIP");
  const found = new Map();
  let entry = view.getUint32(at + 16, true);
  for (let left = view.getUint16(at + 10, true); left > 0; left -= 1) {
    const [method, size, name, extra, comment, local] = [view.getUint16(entry + 10, true), view.getUint32(entry + 20, true), view.getUint16(entry + 28, true), view.getUint16(entry + 30, true), view.getUint16(entry + 32, true), view.getUint32(entry + 42, true)];
    const said = new TextDecoder().decode(bytes.subarray(entry + 46, entry + 46 + name));
    if (wanted.test(said)) {
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const packed = new Blob([bytes.subarray(start, start + size)]).stream();
      found.set(said, await unfolded(method === 8 ? packed.pipeThrough(new DecompressionStream("deflate-raw")) : packed));
    }
    entry += 46 + name + extra + comment;
  }
  return found;
}

// The text of a part, which may unfold to no more than MOST bytes.
async function unfolded(stream) {
  const decoder = new TextDecoder();
  const said = [];
  let size = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return said.join("") + decoder.decode();
    size += value.length;
    if (size > MOST) { await reader.cancel(); throw new Error("DOCX"); }
    said.push(decoder.decode(value, { stream: true }));
  }
}
