// Run by node: the CSVs of a release and their metadata become N-Triples on standard output, by rdf-parser-csvw.
// Arguments: the folder with node_modules, then CSV files; a file's metadata is beside it, as <file>-metadata.json.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const modules = createRequire(path.join(process.argv[2], 'package.json'))
const load = async name => (await import(pathToFileURL(modules.resolve(name)))).default
const [rdf, Csvw, JsonLd, toNT] = await Promise.all(
  ['rdf-ext', 'rdf-parser-csvw', '@rdfjs/parser-jsonld', '@rdfjs/to-ntriples'].map(load))

// the W3C's context of http://www.w3.org/ns/csvw, as the processor ships it with its own tests
const support = path.join(path.dirname(modules.resolve('rdf-parser-csvw')), 'test', 'support', 'csvw.json')
const context = JSON.parse(fs.readFileSync(support, 'utf8'))['@context']
// URI templates are no IRIs, and the JSON-LD parser would drop them as such: they are read as texts
for (const term of ['aboutUrl', 'propertyUrl', 'valueUrl']) context[term] = { '@id': 'csvw:' + term, '@language': null }

for (const file of process.argv.slice(3)) {
  const said = JSON.parse(fs.readFileSync(file + '-metadata.json', 'utf8'))
  said['@context'] = [context, ...said['@context'].slice(1)]
  // the processor passes over the default of a virtual column (CSVW, tabular metadata, 6.4.2): it gives an empty literal
  const columns = said.tableSchema.columns.filter(column => column.virtual && 'default' in column)
  const defaults = new Map(columns.map(column => [column.propertyUrl, column.default]))
  const baseIRI = 'http://tables.test/' + path.basename(file)
  const parser = new JsonLd({ baseIRI, factory: rdf })
  const { Readable } = await import('node:stream')
  const metadata = await rdf.dataset().import(parser.import(Readable.from([JSON.stringify(said)])))
  const quads = new Csvw({ metadata, baseIRI, factory: rdf }).import(fs.createReadStream(file))
  for await (const quad of quads) {
    if (quad.object.termType === 'Literal' && quad.object.value === '' && defaults.has(quad.predicate.value)) {
      quad.object = rdf.literal(defaults.get(quad.predicate.value), quad.object.datatype)
    }
    if (quad.subject.termType === 'NamedNode' && !quad.subject.value.startsWith('http://tables.test/')) {
      console.log(toNT(quad))
    }
  }
}
