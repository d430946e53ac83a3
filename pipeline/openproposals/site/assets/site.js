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
  let pages = null;
  let chosen = -1;
  form.hidden = false;

  const folded = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/œ/g, "oe").replace(/[’']/g, " ").toLowerCase();

  function load() {
    if (pages !== null) return;
    pages = [];
    const script = document.createElement("script");
    script.src = form.dataset.index;
    script.onload = () => {
      const { kinds, pages: rows } = globalThis.openproposals;
      pages = rows.map(([label, path, kind, more]) => ({ label, path, kind: kinds[kind], more, title: folded(label), text: folded(`${label} ${more} ${kinds[kind]}`) }));
      search();
    };
    document.head.append(script);
  }

  function score(page, words) {
    let sum = 0;
    for (const word of words) {
      const at = page.text.indexOf(word);
      if (at < 0) return -1;
      const starts = at === 0 || /[^\p{L}\p{N}]/u.test(page.text[at - 1]);
      sum += (page.title.includes(word) ? 4 : 0) + (starts ? 2 : 0);
    }
    return sum;
  }

  function search() {
    const words = folded(box.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    if (!words.length || !pages.length) { close(); status.textContent = ""; return; }
    const found = pages.map((page) => [score(page, words), page]).filter(([sum]) => sum >= 0).sort((a, b) => b[0] - a[0]).slice(0, most);
    found.forEach(([, page], index) => {
      const item = document.createElement("li");
      item.id = `found-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.path = page.path;
      const kind = document.createElement("small");
      kind.textContent = page.kind;
      const label = document.createElement("span");
      label.dir = "auto";
      label.textContent = page.label;
      item.append(label, kind);
      list.append(item);
    });
    status.textContent = found.length === 0 ? form.dataset.none.replace("{words}", box.value) : globalThis.counted(form.dataset.found, found.length);
    if (found.length) { list.hidden = false; box.setAttribute("aria-expanded", "true"); choose(0); }
    else { const item = document.createElement("li"); item.setAttribute("role", "option"); item.setAttribute("aria-disabled", "true"); item.textContent = status.textContent; list.append(item); list.hidden = false; box.setAttribute("aria-expanded", "true"); }
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
  function go(item) { location.href = `${form.dataset.root}/${item.dataset.path}`; }

  box.addEventListener("focus", load);
  box.addEventListener("input", () => { load(); search(); });
  box.addEventListener("keydown", (event) => {
    const items = list.querySelectorAll("[data-path]");
    if (event.key === "ArrowDown" && items.length) { list.hidden = false; choose(chosen + 1); event.preventDefault(); }
    else if (event.key === "ArrowUp" && items.length) { choose(chosen - 1); event.preventDefault(); }
    else if (event.key === "Escape") { close(); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); go(items[chosen]); }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => { const item = event.target.closest("[data-path]"); if (item) { event.preventDefault(); go(item); } });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) close(); });
}
