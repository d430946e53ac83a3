// A reader's document as one text, a form feed between pages: PDF by pdf.js, DOCX, HTML and plain text by the browser.

const RAISED = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];
const LOWERED = [..."₀₁₂₃₄₅₆₇₈₉"];
const SMALLER = 0.92;
const digits = (text, signs) => text.replace(/[0-9]/g, (digit) => signs[digit]);

// In a worker: the text of a PDF. pdf: the module pdf.js, its worker loaded beside it.
export async function ofPdf(pdf, bytes, told) {
  const task = pdf.getDocument({ data: bytes, isEvalSupported: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false, stopAtErrors: false, verbosity: 0 });
  const opened = await task.promise;
  const pages = [];
  for (let number = 1; number <= opened.numPages; number += 1) {
    const page = await opened.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: false, disableNormalization: true });
    pages.push(laidOut(items));
    page.cleanup();
    if (number % 10 === 0) told(number, opened.numPages);
  }
  await task.destroy();
  return pages.join("\f");
}

// The items of a page as lines: digits in smaller type above or below the line they belong to are written as such.
function laidOut(given) {
  const items = given.filter((item) => item.str !== undefined).map((item) => ({
    text: item.str, ends: item.hasEOL, size: Math.hypot(item.transform[2], item.transform[3]), base: item.transform[5], left: item.transform[4], right: item.transform[4] + item.width,
  }));
  const solid = items.filter(({ text }) => text.trim());
  solid.forEach((item, at) => { item.signs = /^[0-9]+$/.test(item.text.trim()) ? set(item, solid[at - 1]) ?? set(item, solid[at + 1]) : undefined; });
  let said = "";
  let last = null;
  for (const item of items) {
    if (item.text.trim()) {
      const isBeside = Boolean(last) && (item.signs || last.signs || Math.abs(item.base - last.base) <= last.size / 2);
      const gap = last ? item.left - last.right : 0;
      if (last && !isBeside && !/\s$/.test(said)) said += "\n";
      else if (last && !item.signs && !/\s$/.test(said) && !/^\s/.test(item.text) && (gap > 0.2 * item.size || gap < -last.size)) said += " ";
      said += item.signs ? digits(item.text, item.signs) : item.text;
      last = item;
    } else if (item.text && !/\s$/.test(said)) said += " ";
    if (item.ends && !said.endsWith("\n")) { said += "\n"; last = null; }
  }
  return said;
}

// The signs in which small digits are written, where the type beside them is larger and on another line.
function set(item, beside) {
  if (!beside) return undefined;
  const rise = item.base - beside.base;
  if (item.size > SMALLER * beside.size || Math.abs(rise) <= beside.size / 20 || Math.abs(rise) >= beside.size) return undefined;
  return rise > 0 ? RAISED : LOWERED;
}

// In the page, which alone has a parser of XML and HTML. Nothing of a document is run or loaded by it.
export function ofHtml(text) {
  const tree = new DOMParser().parseFromString(text, "text/html");
  for (const each of tree.querySelectorAll("script, style, template, noscript, head")) each.remove();
  const blocks = /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tr|ul)$/;
  let said = "";
  const walk = (node) => {
    if (node.nodeType === 3) { said += node.data.replace(/\s+/g, " "); return; }
    if (node.nodeType !== 1) return;
    const name = node.localName;
    if ((name === "sup" || name === "sub") && /^\s*[0-9]{1,3}\s*$/.test(node.textContent)) { said += digits(node.textContent.trim(), name === "sup" ? RAISED : LOWERED); return; }
    if (name === "td" || name === "th") said += " ";
    if (blocks.test(name)) said += "\n";
    for (const child of node.childNodes) walk(child);
    if (blocks.test(name)) said += "\n";
  };
  walk(tree.documentElement);
  return said;
}

const W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

export async function ofDocx(bytes) {
  const parts = await unzipped(bytes, /^word\/(?:document|footnotes|endnotes)\.xml$/);
  if (!parts.has("word/document.xml")) throw new Error("DOCX");
  const tree = (name) => new DOMParser().parseFromString(parts.get(name), "application/xml");
  const body = tree("word/document.xml").getElementsByTagNameNS(W, "p");
  const said = [...body].map(paragraph);
  for (const kind of ["footnote", "endnote"]) {
    if (!parts.has(`word/${kind}s.xml`)) continue;
    for (const note of tree(`word/${kind}s.xml`).getElementsByTagNameNS(W, kind)) {
      const number = note.getAttributeNS(W, "id");
      const words = [...note.getElementsByTagNameNS(W, "t")].map((each) => each.textContent).join("");
      if (words.trim() && Number(number) > 0) said.push(`${digits(number, RAISED)} ${words.trim()}`);
    }
  }
  return said.join("\n\n");
}

function paragraph(node) {
  let said = "";
  for (const run of node.getElementsByTagNameNS(W, "r")) {
    let words = "";
    for (const part of run.children) {
      if (part.namespaceURI !== W) continue;
      if (part.localName === "t") words += part.textContent;
      else if (part.localName === "tab") words += "\t";
      else if (part.localName === "br" || part.localName === "cr") words += "\n";
      else if (part.localName === "noBreakHyphen") words += "-";
      else if (part.localName === "lastRenderedPageBreak") words += "\f";
      else if (part.localName === "footnoteReference" || part.localName === "endnoteReference") words += digits(part.getAttributeNS(W, "id"), RAISED);
    }
    const set = run.getElementsByTagNameNS(W, "vertAlign")[0]?.getAttributeNS(W, "val");
    said += set === "superscript" ? digits(words, RAISED) : set === "subscript" ? digits(words, LOWERED) : words;
  }
  return said;
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
      found.set(said, await new Response(method === 8 ? packed.pipeThrough(new DecompressionStream("deflate-raw")) : packed).text());
    }
    entry += 46 + name + extra + comment;
  }
  return found;
}
