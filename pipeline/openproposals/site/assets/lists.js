// Lists as tools: filtered, sorted, with both in the address, and what is shown downloaded as CSV or JSON.
"use strict";
{
  const form = document.querySelector("form.filters");
  const items = [...document.querySelectorAll("[data-row]")].map((node, at) => ({ node, at, under: JSON.parse(node.dataset.under), row: JSON.parse(node.dataset.row) }));
  const selects = [...form.querySelectorAll("select")];
  const status = form.querySelector("[role=status]");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());

  function read() {
    const asked = new URLSearchParams(location.search);
    for (const select of selects) select.value = [...select.options].some(({ value }) => value === asked.get(select.name)) ? asked.get(select.name) : "";
    show();
  }

  function chosen() { return selects.filter(({ name, value }) => name !== "sort" && value); }

  function shown() { return items.filter(({ under }) => chosen().every(({ name, value }) => under[name]?.includes(value))); }

  function show() {
    const found = new Set(shown());
    for (const each of items) each.node.hidden = !found.has(each);
    const by = form.elements.sort.value;
    const down = by === "statistics" || by === "issued" ? -1 : 1;
    const sorted = [...items].sort((a, b) => (by ? down * collator.compare(a.row[by] ?? "", b.row[by] ?? "") : 0) || a.at - b.at);
    for (const list of new Set(items.map(({ node }) => node.parentNode))) list.append(...sorted.map(({ node }) => node).filter((node) => node.parentNode === list));
    for (const section of document.querySelectorAll(".listed")) {
      const count = [...section.querySelectorAll("[data-row]")].filter((node) => !node.hidden).length;
      section.hidden = chosen().length > 0 && !count;
      const small = section.querySelector(":scope > h2 > small, :scope > h3 > small");
      if (small) small.textContent = count;
    }
    status.textContent = found.size ? globalThis.counted(form.dataset.shown, found.size) : form.dataset.none;
  }

  form.addEventListener("change", () => {
    const asked = new URLSearchParams(selects.filter(({ value }) => value).map(({ name, value }) => [name, value]));
    try { history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname); } catch { /* a page opened from a file */ }
    show();
  });
  addEventListener("popstate", read);

  for (const button of form.querySelectorAll("button[data-form]")) button.addEventListener("click", () => {
    const rows = shown().map(({ row }) => row);
    const names = [...new Set(["id", "label", ...Object.keys(rows[0] ?? {})])];
    const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const json = button.dataset.form === "json";
    const text = json ? JSON.stringify(rows, null, 1) : [names, ...rows.map((row) => names.map((name) => row[name]))].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: json ? "application/json" : "text/csv" }));
    link.download = `${form.dataset.name}.${json ? "json" : "csv"}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  read();
}
