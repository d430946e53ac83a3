// A reader's HTML as text, in the page, which alone has a parser of it. Nothing of a document is run or loaded by it.
// The same as openproposals/factcheck/extraction.py; tests/site/test_browser.py holds both together.
import { lowered, raised } from "./laid-out.js";

const NOT_READ = "head, link, meta, script, style, title, del, s, strike, template, rt, rp, [hidden]";
const BLOCK = new Set(
  ("p figure h1 h2 h3 h4 h5 h6 ul ol li address article aside div footer header hgroup main nav figcaption blockquote pre xmp listing " +
    "details summary section dl dt dd fieldset legend option button caption dialog center menu search form noscript optgroup textarea table tr").split(" "));
const AS_IT_STANDS = new Set(["pre", "xmp", "listing", "plaintext"]);
const BULLETS = ["* ", "+ ", "o ", "- "];
const MOVED = /^(?:[-+−–]?[0-9]{1,4}(?:[,;–-]\s?[0-9]{1,4})*|\([0-9]{1,3}\))$/u;

export function ofHtml(text) {
  const tree = new DOMParser().parseFromString(text, "text/html");
  for (const each of tree.querySelectorAll(NOT_READ)) each.remove();
  const said = [];
  const lists = [];
  const write = (words) => { if (words) said.push(words); };
  const walk = (node, asItStands) => {
    if (node.nodeType === 3) { write(asItStands ? node.data : node.data.replace(/[\t\n\f\r ]+/g, " ")); return; }
    if (node.nodeType !== 1) return;
    const name = node.localName;
    if (/display\s*:\s*none/i.test(node.getAttribute("style") ?? "")) return;
    if (name === "br") { write("\n"); return; }
    if (name === "sup" || name === "sub") {
      const digits = node.textContent.trim();
      if (MOVED.test(digits)) { write(name === "sup" ? raised(digits) : lowered(digits)); return; }
    }
    const [before, after] = BLOCK.has(name) ? ["\n", "\n"] : name === "td" || name === "th" || name === "span" ? [" ", " "] : name === "q" ? ['"', '"'] : ["", ""];
    write(before);
    if (name === "ul") lists.push(BULLETS[lists.length % BULLETS.length]);
    if (name === "ol") lists.push(1);
    if (name === "li") write(bullet(node, lists));
    for (const child of node.childNodes) walk(child, asItStands || AS_IT_STANDS.has(name));
    if (name === "ul" || name === "ol") lists.pop();
    write(after);
  };
  walk(tree.documentElement, false);
  return said.join("");
}

function bullet(node, lists) {
  if (!lists.length) return "* ";
  let sign = lists.at(-1);
  if (typeof sign !== "number") return sign;
  if (/^[0-9]+$/.test(node.getAttribute("value") ?? "")) sign = Number(node.getAttribute("value"));
  lists[lists.length - 1] = sign + 1;
  return `${sign}. `;
}
