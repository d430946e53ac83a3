// What helps who writes a query: prefixes that are missing, terms that the data do not have, words for what is refused.
"use strict";
globalThis.queryHelp = (prefixes) => {
  // The query with strings, IRIs and comments blank, each at its length, so that positions stay.
  const bare = (query) => query.replace(/#[^\n]*|<[^<>\s]*>|"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (found) => (found[0] === "#" || found[0] === "<" ? " ".repeat(found.length) : `"${" ".repeat(Math.max(0, found.length - 2))}"`));
  const declared = (query) => new Map([...query.matchAll(/(?:^|\s)@?PREFIX\s+([A-Za-z][\w.-]*)?:\s*<([^<>\s]*)>/gi)].map(([, name = "", iri]) => [name, iri]));
  const NAME = /(?<![\w:?$@/^"-])([A-Za-z][\w-]*):([A-Za-z0-9_](?:[\w.%~-]*[\w-])?)?/g;

  const used = (query) => [...bare(query.replace(/(?:^|\s)@?PREFIX\s+[^<\s]*:\s*<[^<>\s]*>/gi, (found) => " ".repeat(found.length))).matchAll(NAME)];

  // The prefixes that a query uses and does not declare: those that are known, with their namespaces, and the others.
  function missing(query) {
    const has = declared(query);
    const names = new Set(used(query).map(([, name]) => name).filter((name) => !has.has(name)));
    const known = [...names].filter((name) => name in prefixes);
    return { known, unknown: [...names].filter((name) => !(name in prefixes)), lines: known.map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("") };
  }

  // The IRIs that a query names, by what it writes for them.
  function named(query) {
    const has = declared(query);
    const found = new Map();
    for (const [whole, name, local] of used(query)) if (local && has.has(name)) found.set(has.get(name) + local, whole);
    const body = query.replace(/(?:^|\s)@?(?:PREFIX|BASE)\s+[^<\s]*\s*<[^<>\s]*>/gi, " ").replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, " ").replace(/(?<=^|\s)#[^\n]*/g, " ");
    for (const [whole, iri] of body.matchAll(/<([a-z][a-z0-9+.-]*:[^<>\s]*)>/gi)) found.set(iri, whole);
    return found;
  }

  const isUpdate = (query) => /(?<![\w?$:])(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)(?![\w:])/i.test(bare(query)) && !/(?<![\w?$:])(?:SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:])/i.test(bare(query).split(/(?<![\w?$:])(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)(?![\w:])/i)[0]);

  function short(iri) {
    const [name, space] = Object.entries(prefixes).filter(([, each]) => iri.startsWith(each)).sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    const local = space ? iri.slice(space.length) : "";
    return space && /^[A-Za-z0-9_](?:[\w.-]*[\w-])?$/.test(local) ? `${name}:${local}` : `<${iri}>`;
  }

  // Of terms, the one that is written most like a wanted one; "" where none is near.
  function nearest(wanted, terms) {
    const last = (iri) => iri.replace(/[/#]$/, "").split(/[/#]/).pop().toLowerCase();
    let [best, least] = ["", Math.max(2, Math.floor(last(wanted).length / 2)) + 1];
    for (const term of terms) {
      const far = distance(last(wanted), last(term)) + (term.slice(0, term.length - last(term).length) === wanted.slice(0, wanted.length - last(wanted).length) ? 0 : 0.5);
      if (far < least) [best, least] = [term, far];
    }
    return best;
  }

  function distance(one, other) {
    let row = [...Array(other.length + 1).keys()];
    [...one].forEach((letter, i) => {
      const next = [i + 1];
      [...other].forEach((each, j) => next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (letter === each ? 0 : 1))));
      row = next;
    });
    return row[other.length];
  }

  return { missing, named, isUpdate, short, nearest };
};
