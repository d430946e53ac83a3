// What the query page itself asks of the data, beside the reader's question: of the engine in its worker (query-worker.js)
// or of a server (query-served.js). Both read this script first.
"use strict";

const queryAsked = {
  // What the data use as properties and as classes, and the codes of their lists: to complete and to compare with.
  terms: "SELECT DISTINCT ?t { { SELECT DISTINCT ?t { ?s ?t ?o } } UNION { ?s a ?t } UNION { ?t <http://www.w3.org/2004/02/skos/core#inScheme> ?scheme FILTER(isIRI(?t)) } }",

  // The IRIs that no triple has.
  absent: (iris) => `SELECT ?i { ${queryAsked.values("?i", iris)} FILTER NOT EXISTS { ?i ?p ?o } FILTER NOT EXISTS { ?s ?i ?o } FILTER NOT EXISTS { ?s ?p ?i } }`,

  // What IRIs are called, as far as the data say, and of the rows found the name of each in a language, else in any.
  labels: (iris) => `SELECT ?s ?l { ${queryAsked.values("?s", iris)} ?s <http://www.w3.org/2000/01/rdf-schema#label>|<http://www.w3.org/2004/02/skos/core#prefLabel> ?l }`,
  named: (rows, language) => {
    const found = {};
    for (const { s, l } of rows) if (!(s.value in found) || l["xml:lang"] === language) found[s.value] = l.value;
    return found;
  },

  values: (name, iris) => `VALUES ${name} { ${iris.map((iri) => `<${iri}>`).join(" ")} }`,
};
