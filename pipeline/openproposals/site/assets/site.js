// Copy and save buttons; search as you type: a list of the site's pages, loaded when the box is first used. Works from a file too.
"use strict";

// Of the forms of a text that depend on a number, divided by bars in CLDR's order, the one for n; the last serves the rest.
globalThis.counted = (text, n) => {
  const forms = text.split("|");
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const has = new Set(rules.resolvedOptions().pluralCategories);
  const order = ["zero", "one", "two", "few", "many", "other"].filter((name) => has.has(name));
  return forms[Math.min(order.indexOf(rules.select(n)), forms.length - 1)].replace("{n}", n);
};
for (const button of document.querySelectorAll("button[data-copy]")) {
  const place = button.closest("[data-copied]");
  const status = place.querySelector("[role=status]");
  const text = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.className === "save-text") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text.textContent], { type: "text/plain" }));
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      return;
    }
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = place.dataset.copied;
      button.classList.add("done");
      setTimeout(() => { button.classList.remove("done"); status.textContent = ""; }, 2000);
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = place.dataset.failed;
    }
  });
}
{
  const form = document.querySelector("form.search");
  const box = form.querySelector("input");
  const list = form.querySelector("ul");
  const status = form.querySelector("[role=status]");
  const most = 12;
  const loaded = new Map();
  let chosen = -1;
  let turn = 0;
  form.hidden = false;

  // The index in pieces, each a script: a page opened from a file may load scripts, and nothing else.
  function load(name, address) {
    if (!loaded.has(name)) loaded.set(name, new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => done(globalThis.searched[name]);
      script.onerror = fail;
      document.head.append(script);
    }));
    return loaded.get(name);
  }
  const manifest = () => load("", form.dataset.index);
  const piece = (name) => load(name, `${form.dataset.pieces}/${name}.js`);

  // The same as `words` of openproposals/site/searching.py.
  const folded = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae").replaceAll("ß", "ss")
    .replace(/(?<=[0-9])[\s.,'’](?=[0-9]{3}(?![0-9]))/gu, "").replace(/(?<=[0-9]),(?=[0-9])/gu, ".").replace(/(?<=[0-9])\s+%/gu, "%");
  const wordsOf = (text) => folded(text).match(/[0-9]+(?:\.[0-9]+)*%?|[\p{L}\p{N}]+/gu) ?? [];

  // A word without the ending of a plural, in the languages that mark it so; its beginning is what is looked for.
  const stem = (word) => (/^[0-9]/.test(word) ? word : word.replace(/(?<=.{4})(?:aux|eaux)$/u, (end) => (end === "aux" ? "a" : "eau")).replace(/(?<=.{4})(?:es|en|er|s|x|e|n)$/u, ""));

  async function find(text) {
    const { width, cut, kinds, chunk } = await manifest();
    const known = new Set(cut);
    const scores = [];
    for (const word of wordsOf(text)) {
      const start = stem(word);
      const key = [...start].slice(0, width).join("");
      const keys = [...start].length < width ? cut.filter((each) => each.startsWith(start)) : known.has(key) ? [key] : [];
      const held = await Promise.all(keys.map((each) => piece(`words-${[...each].map((letter) => letter.codePointAt(0).toString(16)).join(".")}`)));
      const score = new Map();
      for (const [each, rows] of held.flatMap((words) => Object.entries(words))) {
        if (!each.startsWith(start)) continue;
        for (const row of rows) {
          const worth = (each === word ? 3 : stem(each) === start ? 2 : 1) + (row % 2 ? 4 : 0);
          score.set(row >> 1, Math.max(score.get(row >> 1) ?? 0, worth));
        }
      }
      scores.push(score);
    }
    if (!scores.length) return [];
    const rows = [...scores[0].keys()].filter((row) => scores.every((score) => score.has(row)));
    const total = (row) => scores.reduce((sum, score) => sum + score.get(row), 0);
    return rows.map((row) => ({ row, sum: total(row), kinds, chunk })).sort((a, b) => b.sum - a.sum || a.row - b.row);
  }

  async function shown({ row, kinds, chunk }) {
    const [label, path, kind] = (await piece(`rows-${Math.floor(row / chunk)}`))[row % chunk];
    return { label, path, kind, named: kinds[kind] };
  }

  async function search() {
    const mine = (turn += 1);
    const text = box.value;
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    if (!wordsOf(text).length) { list.replaceChildren(); close(); status.textContent = ""; return; }
    const found = await find(text);
    const pages = await Promise.all(found.slice(0, most).map(shown));
    if (mine !== turn) return;
    status.textContent = found.length === 0 ? form.dataset.none.replace("{words}", text) : globalThis.counted(form.dataset.found, found.length);
    const items = pages.map(({ label, path, named }) => option(label, named, `${form.dataset.root}/${path}`));
    if (found.length > most) items.push(option(form.dataset.all, status.textContent, `${form.dataset.page}?q=${encodeURIComponent(text)}`));
    if (!found.length) { items.push(option(status.textContent, "", "")); items[0].setAttribute("aria-disabled", "true"); }
    items.forEach((item, at) => { item.id = `found-${at}`; });
    list.replaceChildren(...items);
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    if (found.length) choose(0);
  }

  function option(text, small, href) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    if (href) item.dataset.path = href;
    const label = document.createElement("span");
    label.dir = "auto";
    label.textContent = text;
    const kind = document.createElement("small");
    kind.textContent = small;
    item.append(label, ...(small ? [kind] : []));
    return item;
  }

  function choose(index) {
    const items = [...list.querySelectorAll("[data-path]")];
    if (!items.length) return;
    chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    box.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }

  function close() { list.hidden = true; box.setAttribute("aria-expanded", "false"); }
  function go(item) { location.href = item.dataset.path; }

  // The page of results: all of them, kind by kind, with how many there are.
  async function results() {
    const place = document.getElementById("results");
    const text = new URLSearchParams(location.search).get("q") ?? "";
    if (!place || !text) return;
    box.value = text;
    const title = document.getElementById("results-name");
    title.textContent = title.dataset.results.replace("{words}", text);
    const found = await find(text);
    document.getElementById("results-status").textContent = found.length ? globalThis.counted(form.dataset.found, found.length) : form.dataset.none.replace("{words}", text);
    const groups = new Map();
    for (const page of await Promise.all(found.slice(0, 1000).map(shown))) groups.set(page.named, [...(groups.get(page.named) ?? []), page]);
    place.replaceChildren(...[...groups].map(([named, pages]) => {
      const section = document.createElement("section");
      const heading = document.createElement("h2");
      const count = document.createElement("small");
      count.textContent = pages.length;
      heading.append(`${named} `, count);
      const rows = document.createElement("ul");
      rows.className = "lines";
      for (const { label, path } of pages) {
        const item = document.createElement("li");
        item.className = "line";
        const link = document.createElement("a");
        link.href = `${form.dataset.root}/${path}`;
        link.dir = "auto";
        link.textContent = label;
        item.append(link);
        rows.append(item);
      }
      section.append(heading, rows);
      return section;
    }));
  }

  box.addEventListener("focus", () => manifest());
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    const items = list.querySelectorAll("[data-path]");
    if (event.key === "ArrowDown" && items.length) { list.hidden = false; choose(chosen + 1); event.preventDefault(); }
    else if (event.key === "ArrowUp" && items.length) { choose(chosen - 1); event.preventDefault(); }
    else if (event.key === "Escape") { close(); }
    else if (event.key === "Enter" && chosen >= 0 && !list.hidden) { event.preventDefault(); go(items[chosen]); }
    else if (event.key === "Enter" && box.value.trim()) { event.preventDefault(); location.href = `${form.dataset.page}?q=${encodeURIComponent(box.value)}`; }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => { const item = event.target.closest("[data-path]"); if (item) { event.preventDefault(); go(item); } });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) close(); });
  results();
}
