// A reader's PDF as one text, a form feed between pages, by pdf.js. The same as openproposals/factcheck/pdf_text.py.
import { digits, LOWERED, RAISED } from "./laid-out.js";
import { asks, LEFTWARD, lines, once, unmirrored } from "./leftward.js";
import { placed } from "./placed.js";

const SMALLER = 0.92;
const LINE = 0.6;  // of the type's size: what stands further above or below is another line
const ONE = /^[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]{1,2}$/u;  // signs of a script that is also written from top to bottom
const GAP = 0.2;  // of the type's size: what is further apart is two words

// In a worker: the text of a PDF. pdf: the module pdf.js, its worker loaded beside it.
export async function ofPdf(pdf, bytes, told) {
  const task = pdf.getDocument({ data: bytes, isEvalSupported: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false, stopAtErrors: false, verbosity: 0 });
  const opened = await task.promise;
  const pages = [];
  let drawn = null;
  for (let number = 1; number <= opened.numPages; number += 1) {
    const page = await opened.getPage(number);
    drawn = drawn && await glyphsOf(page, pdf.OPS);  // what one page asks for, the next most often does
    if (!drawn?.asks) {
      const { items } = await page.getTextContent({ includeMarkedContent: true, disableNormalization: true });
      const isSaid = items.some(({ type, tag }) => type === "beginMarkedContentProps" && tag === "Span");  // its letters may stand in the mark
      const isAsked = isSaid || asks(items.map(({ str }) => str ?? "").join(""));
      if (isAsked) drawn ??= await glyphsOf(page, pdf.OPS);
      else drawn = null;
      if (!isAsked) pages.push(laidOut(items.filter(({ str }) => str !== undefined).map(ofItem)));
    }
    if (drawn) pages.push(ofGlyphs(drawn.runs));
    page.cleanup();
    if (number % 10 === 0) told(number, opened.numPages);
  }
  await task.destroy();
  return pages.map((page) => page.replaceAll("\f", " ")).join("\f");  // a font may call a glyph so
}

// The glyphs of a page by where they stand, and whether its text is to be read by them.
async function glyphsOf(page, OPS) {
  const { runs, isSaid } = placed(await page.getOperatorList({ annotationMode: 0 }), OPS);
  return { runs, asks: isSaid || asks(runs.map((run) => run.map(({ said }) => said).join("")).join("")) };
}

function ofItem({ str, hasEOL, transform, width, dir }) {
  return { text: str, ends: hasEOL, size: Math.hypot(transform[2], transform[3]), base: transform[5], left: transform[4], right: transform[4] + width, leftward: dir === "rtl" };
}

// A page by the places of its glyphs: those given twice once, lines that are read from right to left turned round.
function ofGlyphs(runs) {
  const rows = [];
  for (const item of runs.map(once).filter(({ length }) => length).map(ofRun)) {
    const line = rows.at(-1)?.find(({ text }) => text.trim());
    if (!line || (item.text.trim() && Math.abs(item.base - line.base) > LINE * Math.max(item.size, line.size))) rows.push([item]);
    else rows.at(-1).push(item);
  }
  const said = [];
  const turned = [];  // the places in it of lines that are read from right to left
  let plain = [];
  for (const row of rows) {
    if (!row.some(({ leftward }) => leftward)) { plain.push(...row); continue; }
    said.push(laidOut(plain));
    plain = [];
    for (const line of lines(row.flatMap(({ glyphs }) => glyphs)).split("\n")) { turned.push(said.length); said.push(line); }
  }
  said.push(laidOut(plain));
  unmirrored(turned.map((at) => said[at]).join("\n")).split("\n").forEach((line, n) => { if (n in turned) said[turned[n]] = line; });
  return said.filter(Boolean).map((text) => `${text}\n`).join("");
}

// A run of glyphs as an item: its words, and where it stands.
function ofRun(glyphs) {
  let text = "";
  glyphs.forEach((glyph, at) => { text += (at && glyph.left - glyphs[at - 1].right > GAP * glyph.size ? " " : "") + glyph.said; });
  const [{ size, base }] = glyphs;
  return { text, ends: false, size, base, left: Math.min(...glyphs.map(({ left }) => left)), right: Math.max(...glyphs.map(({ right }) => right)), leftward: LEFTWARD.test(text), glyphs };
}

// Signs that stand below one another, as in columns that are read from top to bottom, as one item.
function stacked(items) {
  const kept = [];
  let last = null;  // the item that grows, and where its last sign stands
  for (const item of items) {
    const isOne = ONE.test(item.text);
    const drop = last ? (last.base - item.base) / item.size : 0;
    if (isOne && last && Math.abs(item.left - last.left) < item.size && drop > 0.5 && drop < 1.6) {
      kept.length = last.at + 1;  // what stands between is the end of a line
      kept[last.at] = { ...kept[last.at], text: kept[last.at].text + item.text, ends: true };
      last.base = item.base;
    } else {
      kept.push({ ...item });
      if (isOne) last = { at: kept.length - 1, left: item.left, base: item.base };
      else if (item.text.trim()) last = null;
    }
  }
  return kept;
}

// The items of a page as lines: digits in smaller type above or below the line they belong to are written as such.
function laidOut(given) {
  const items = stacked(given);
  const solid = items.filter(({ text }) => text.trim());
  solid.forEach((item, at) => { item.signs = /^[0-9]+$/.test(item.text.trim()) ? set(item, solid[at - 1], true) ?? set(item, solid[at + 1], false) : undefined; });
  let said = "";
  let last = null;
  for (const item of items) {
    if (item.text.trim()) {
      const isBeside = Boolean(last) && (item.signs || last.signs || Math.abs(item.base - last.base) <= last.size / 2);
      const gap = last ? item.left - last.right : 0;
      if (last && !isBeside && !/\s$/.test(said)) said += "\n";
      else if (last && !item.signs && !/\s$/.test(said) && !/^\s/.test(item.text) && (gap > GAP * item.size || gap < -last.size)) said += " ";
      said += item.signs ? digits(item.text, item.signs) : item.text;
      last = item;
    } else if (item.text && !/\s$/.test(said)) said += " ";
    if (item.ends && !said.endsWith("\n")) { said += "\n"; last = null; }
  }
  return said;
}

// The signs in which small digits are written, where the type right beside them is larger and on another line.
function set(item, beside, isBefore) {
  if (!beside) return undefined;
  const rise = item.base - beside.base;
  const gap = isBefore !== beside.leftward ? item.left - beside.right : beside.left - item.right;
  if (Math.abs(gap) >= beside.size) return undefined;  // it stands elsewhere on the page
  if (item.size > SMALLER * beside.size || Math.abs(rise) <= beside.size / 20 || Math.abs(rise) >= beside.size) return undefined;
  return rise > 0 ? RAISED : LOWERED;
}
