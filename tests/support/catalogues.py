"""Small catalogues, each with one deviation: what the doctor says of them is held against the harvesters themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix locn: <http://www.w3.org/ns/locn#> .
@prefix time: <http://www.w3.org/2006/time#> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> . @prefix e: <https://data.ville.fr/> .
"""

# The good catalogue: a name for each statement, and the statement.
GOOD = {
    "type": "e:d a dcat:Dataset",
    "identifier": 'e:d dct:identifier "https://data.ville.fr/d"',
    "title": 'e:d dct:title "Arbres"@fr',
    "description": 'e:d dct:description "La liste des arbres de la ville"@fr',
    "issued": 'e:d dct:issued "2024-01-02"^^xsd:date',
    "modified": 'e:d dct:modified "2024-03-04"^^xsd:date',
    "page": "e:d dcat:landingPage e:page",
    "keyword": 'e:d dcat:keyword "arbre"@fr',
    "theme": 'e:d dcat:theme e:theme . e:theme skos:prefLabel "Environnement"@fr',
    "frequency": "e:d dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL>",
    "temporal": 'e:d dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2020-01-01"^^xsd:date ; dcat:endDate "2021-12-31"^^xsd:date ]',
    "spatial": 'e:d dct:spatial e:place . e:place a dct:Location ; skos:prefLabel "Ville"@fr ; '
    'dcat:bbox "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))"^^geo:wktLiteral',
    "publisher": 'e:d dct:publisher e:org . e:org a foaf:Agent ; foaf:name "La Ville"@fr',
    "contact": 'e:d dcat:contactPoint [ a vcard:Kind ; vcard:fn "Service" ; vcard:hasEmail <mailto:data@ville.fr> ]',
    "file": "e:d dcat:distribution e:f . e:f a dcat:Distribution",
    "f.title": 'e:f dct:title "La table"@fr',
    "f.url": "e:f dcat:downloadURL <https://data.ville.fr/arbres.csv>",
    "f.page": "e:f dcat:accessURL <https://data.ville.fr/arbres>",
    "f.licence": 'e:f dct:license e:lo . e:lo rdfs:label "Licence Ouverte / Open Licence version 2.0"',
    "f.format": 'e:f dct:format e:csv . e:csv a dct:IMT ; rdfs:label "CSV"',
    "f.media": 'e:f dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv>',
    "f.size": 'e:f dcat:byteSize "123"^^xsd:nonNegativeInteger',
    "f.issued": 'e:f dct:issued "2024-01-02"^^xsd:date',
    "f.modified": 'e:f dct:modified "2024-03-04"^^xsd:date',
}  # fmt: skip

_D, _F = "e:d ", "e:f "
# Each deviation: what stands in the place of which statements; "" leaves one out, a new name adds one.
DEVIATIONS: dict[str, Mapping[str, str]] = {
    "none": {},
    **{f"no {name}": {name: ""} for name in GOOD},
    **{
        f"{name} {what}": {name: f"{'e:f' if name.startswith('f.') else 'e:d'} {term} {value}"}
        for name, term, values in (
            ("title", "dct:title", {"empty": '""', "blank": '" "', "number": "12", "iri": "e:x", "german": '"B"@de',
                                    "german and french": '"B"@de, "A"@fr', "french first": '"A"@fr, "B"@de', "date": '"2020-01-01"^^xsd:date'}),
            ("identifier", "dct:identifier", {"empty": '""', "iri": "e:x", "number": "12", "two": '"d1", "doi:10.1234/x"',
                                              "uri typed": '"https://x.fr/a"^^xsd:anyURI', "bnode": "[]"}),
            ("description", "dct:description", {"empty": '""@fr', "iri": "e:x", "number": "12", "bnode": '[ rdfs:label "x" ]'}),
            ("issued", "dct:issued", {"year": '"2024"^^xsd:gYear', "plain year": '"2024"', "30 February": '"2024-02-30"^^xsd:date',
                                      "word": '"hier"', "empty": '""', "time": '"2024-01-02T10:00:00Z"^^xsd:dateTime', "future": '"2999-01-01"^^xsd:date',
                                      "month": '"2024-05"^^xsd:gYearMonth', "french": '"12/03/2024"', "integer": "2024", "iri": "e:x",
                                      "two": '"2024-01-02"^^xsd:date, "2024-03-01"', "clock": '"10:00:00"^^xsd:time'}),
            ("modified", "dct:modified", {"year": '"2024"^^xsd:gYear', "plain year": '"2024"', "30 February": '"2024-02-30"^^xsd:date',
                                          "word": '"hier"', "empty": '""', "future": '"2999-01-01"^^xsd:date', "integer": "2024",
                                          "iri": "e:x", "two": '"2024-02-30"^^xsd:date, "2024-03-01T10:00:00"', "huge": '"99999999999999999999"',
                                          "time": '"2024-01-02T10:00:00"^^xsd:dateTime', "boolean": "true", "clock": '"10:00:00"^^xsd:time'}),
            ("page", "dcat:landingPage", {"typed": '"https://data.ville.fr/p"^^xsd:anyURI', "text": '"https://data.ville.fr/p"',
                                          "word": '"notre site"', "space": "<https://data.ville.fr/a b>", "ftp": "<ftp://data.ville.fr/p>", "bnode": "[]"}),
            ("keyword", "dcat:keyword", {"iri": "e:x", "number": "2024", "list": '"arbre, parc, ville"', "semicolons": '"arbre;parc;ville"',
                                         "short": '"eu"', "empty": '""', "two": '"arbre"@fr, "tree"@en', "apostrophe": "\"l'eau\"", "arabic": '"شجرة"'}),
            ("theme", "dcat:theme", {"text": '"Environnement"', "no label": "e:x", "eu": "<http://publications.europa.eu/resource/authority/data-theme/ENVI>",
                                     "hvd": "<http://data.europa.eu/bna/c_dd313021>"}),
            ("frequency", "dct:accrualPeriodicity", {"text": '"annuelle"', "english": '"annual"', "freq": "<http://purl.org/cld/freq/annual>",
                                                     "other": "e:x", "typed iri": '"http://publications.europa.eu/resource/authority/frequency/ANNUAL"^^xsd:anyURI',
                                                     "EU code": '"ANNUAL"', "number": "12", "bnode": "[]", "freq wrong": "<http://purl.org/cld/freq/yearly>"}),
            ("temporal", "dct:temporal", {"iri": "<https://nowhere.ville.fr/p>", "text": '"2019/2023"', "days": '"2020-01-01/2020-12-31"', "year": '"2020"',
                                          "month": '"2020-05"', "day": '"2020-05-01"', "word": '"hier"', "empty": "[]", "two words": '"a/b"',
                                          "schema": '[ schema:startDate "2020-01-01"^^xsd:date ; schema:endDate "2020-12-31"^^xsd:date ]',
                                          "https schema": '[ <https://schema.org/startDate> "2020-01-01"^^xsd:date ; <https://schema.org/endDate> "2020-12-31"^^xsd:date ]',
                                          "time": '[ time:hasBeginning [ time:inXSDDate "2020-01-01"^^xsd:date ] ; time:hasEnd [ time:inXSDDate "2020-12-31"^^xsd:date ] ]',
                                          "start only": '[ dcat:startDate "2020-01-01"^^xsd:date ]', "end only": '[ dcat:endDate "2020-01-01"^^xsd:date ]',
                                          "backwards": '[ dcat:startDate "2021-01-01"^^xsd:date ; dcat:endDate "2020-12-31"^^xsd:date ]',
                                          "years": '[ dcat:startDate "2020"^^xsd:gYear ; dcat:endDate "2021"^^xsd:gYear ]',
                                          "plain": '[ dcat:startDate "2020-01-01" ; dcat:endDate "2021-12-31" ]', "words": '[ dcat:startDate "hier" ; dcat:endDate "demain" ]',
                                          "mixed": '[ dcat:startDate "2020-01-01"^^xsd:date ; dcat:endDate "2021-12-31T00:00:00"^^xsd:dateTime ]',
                                          "30 February": '[ dcat:startDate "2020-02-30"^^xsd:date ; dcat:endDate "2021-12-31"^^xsd:date ]',
                                          "integers": "[ dcat:startDate 2020 ; dcat:endDate 2021 ]", "empty ends": '[ dcat:startDate "" ; dcat:endDate "" ]',
                                          "zones": '[ dcat:startDate "2020-01-01T00:00:00Z"^^xsd:dateTime ; dcat:endDate "2021-12-31T00:00:00"^^xsd:dateTime ]'}),
            ("spatial", "dct:spatial", {"text": '"France"', "box": '"1,2,3,4"', "box inverted": '"3,4,1,2"', "iri": "<https://sws.geonames.org/2921044/>",
                                        "bbox untyped place": '[ dcat:bbox "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))"^^geo:wktLiteral ]',
                                        "bbox plain": '[ a dct:Location ; dcat:bbox "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))" ]',
                                        "bbox word": '[ a dct:Location ; dcat:bbox "46.2 2.2"^^geo:wktLiteral ]',
                                        "bbox open": '[ a dct:Location ; dcat:bbox "POLYGON((1 2, 3 2, 3 4, 1 4))"^^geo:wktLiteral ]',
                                        "bbox lower": '[ a dct:Location ; dcat:bbox "polygon((1 2,3 2,3 4,1 4,1 2))"^^geo:wktLiteral ]',
                                        "multi": '[ a dct:Location ; locn:geometry "MULTIPOLYGON(((1 2,3 2,3 4,1 4,1 2)))"^^geo:wktLiteral ]',
                                        "srid": '[ a dct:Location ; dcat:bbox "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((1 2,3 2,3 4,1 4,1 2))"^^geo:wktLiteral ]',
                                        "point": '[ a dct:Location ; dcat:centroid "POINT(1 2)"^^geo:wktLiteral ]',
                                        "envelope": '[ a dct:Location ; dcat:bbox "ENVELOPE(1,3,4,2)"^^geo:wktLiteral ]',
                                        "geojson": '[ a dct:Location ; locn:geometry "{\\"type\\":\\"Polygon\\",\\"coordinates\\":[[[1,2],[3,2],[3,4],[1,4],[1,2]]]}"^^geo:geoJSONLiteral ]',
                                        "geojson iana": '[ a dct:Location ; locn:geometry "{\\"type\\":\\"Polygon\\",\\"coordinates\\":[[[1,2],[3,2],[3,4],[1,4],[1,2]]]}"^^<https://www.iana.org/assignments/media-types/application/vnd.geo+json> ]',
                                        "geojson plain": '[ a dct:Location ; locn:geometry "{\\"type\\":\\"Point\\",\\"coordinates\\":[1,2]}" ]',
                                        "node": '[ a dct:Location ; locn:geometry [ a locn:Geometry ; geo:asWKT "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))"^^geo:wktLiteral ] ]',
                                        "bbox iri": "[ a dct:Location ; dcat:bbox e:box ]", "nothing": "[ a dct:Location ]",
                                        "two": '"France", <https://sws.geonames.org/2921044/>', "latitude beyond": '"1,2,3,400"'}),
            ("publisher", "dct:publisher", {"text": '"La Ville"', "nobody": "e:nobody", "no name": "[ a foaf:Agent ]", "address as name": '[ foaf:name "www.ville.fr" ]',
                                            "vcard": '[ vcard:fn "La Ville" ]', "languages": '[ foaf:name "City"@en, "Ville"@fr ]', "empty name": '[ foaf:name "" ]',
                                            "mail": '[ foaf:name "Ville" ; foaf:mbox <mailto:x@ville.fr> ]', "prefLabel": '[ skos:prefLabel "Ville" ]'}),
            ("contact", "dcat:contactPoint", {"text": '"Service"', "mailto": "<mailto:data@ville.fr>", "plain mail": '[ vcard:fn "X" ; vcard:hasEmail "x@ville.fr" ]',
                                              "name only": '[ vcard:fn "X" ]', "mail only": "[ vcard:hasEmail <mailto:x@ville.fr> ]", "wrong mail": '[ vcard:fn "X" ; vcard:hasEmail <mailto:nobody> ]',
                                              "spaces": '[ vcard:fn "X" ; vcard:hasEmail "x at ville.fr" ]', "node mail": '[ vcard:fn "X" ; vcard:hasEmail [ vcard:hasValue <mailto:x@ville.fr> ] ]',
                                              "old mail": '[ vcard:fn "X" ; vcard:email "x@ville.fr" ]', "form": '[ vcard:fn "X" ; vcard:hasURL <https://ville.fr/c> ]',
                                              "foaf": '[ foaf:name "X" ; foaf:mbox <mailto:x@ville.fr> ]', "empty": "[]", "example": '[ vcard:fn "X" ; vcard:hasEmail <mailto:x@val.example> ]',
                                              "example.org": '[ vcard:fn "X" ; vcard:hasEmail <mailto:x@example.org> ]',
                                              "organisation": '[ vcard:organization-name "Ville" ; vcard:hasEmail "x@ville.fr" ]',
                                              "two": '[ vcard:fn "X" ; vcard:hasEmail "x@ville.fr" ], [ vcard:fn "Y" ; vcard:hasEmail "y@ville.fr" ]'}),
            ("file", "dcat:distribution", {"text": '"https://data.ville.fr/arbres.csv"', "bare": "e:g", "blank": "[ dcat:downloadURL <https://data.ville.fr/b.csv> ]"}),
            ("f.title", "dct:title", {"number": "12", "empty": '""', "english": '"Table"@en'}),
            ("f.url", "dcat:downloadURL", {"typed": '"https://data.ville.fr/a.csv"^^xsd:anyURI', "text": '"https://data.ville.fr/a.csv"', "space": "<https://data.ville.fr/a b.csv>",
                                           "word": '"a.csv"', "file": "<file:///a.csv>", "ftp": "<ftp://ville.fr/a.csv>", "gz": "<https://data.ville.fr/a.csv.gz>",
                                           "query": "<https://data.ville.fr/a?x=1>", "empty": '""', "private": "<http://10.0.0.1/a.csv>", "local": "<http://serveur.local/a.csv>",
                                           "no top": "<http://serveur/a.csv>", "two": "<https://data.ville.fr/a.csv>, <https://data.ville.fr/b.csv>", "bnode": "[]",
                                           "example": "<https://data.val-commun.example/a.csv>", "accents": "<https://data.ville.fr/é.csv>", "port": "<https://data.ville.fr:8443/a.csv>",
                                           "puny": "<https://xn--caf-dma.fr/a.csv>", "braces": "<https://data.ville.fr/%7Ba%7D.csv>", "urn": "<urn:uuid:1>"}),
            ("f.licence", "dct:license", {"text": '"Licence Ouverte / Open Licence version 2.0"', "unknown": "e:licence", "etalab": "<https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf>",
                                          "word": '"libre"', "sentence": '"voir https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"'}),
            ("f.format", "dct:format", {"text": '"csv"', "mime": '"text/csv"', "eu": "<http://publications.europa.eu/resource/authority/file-type/CSV>", "number": "12",
                                        "iana": "<https://www.iana.org/assignments/media-types/text/csv>", "other": "e:x", "label": '[ rdfs:label "CSV" ]', "imt": '[ a dct:IMT ; rdf:value "text/csv" ; rdfs:label "CSV" ]'}),
            ("f.media", "dcat:mediaType", {"text": '"text/csv"', "charset": '"text/csv; charset=utf-8"', "other": "e:x", "number": "12"}),
            ("f.size", "dcat:byteSize", {"text": '"12323"', "words": '"1,2 Mo"', "decimal": '"1234.0"^^xsd:decimal', "plain decimal": '"1234.0"', "fraction": '"12.5"^^xsd:decimal',
                                         "integer": "12", "negative": '"-1"^^xsd:nonNegativeInteger', "empty": '""', "huge": '"1e999"', "double": "1.2e3", "zero": "0", "iri": "e:x", "blanks": '" 12 "'}),
            ("f.issued", "dct:issued", {"word": '"hier"', "30 February": '"2024-02-30"^^xsd:date', "year": '"2024"^^xsd:gYear'}),
            ("f.modified", "dct:modified", {"word": '"hier"', "future": '"2999-01-01"^^xsd:date', "integer": "2024"}),
        )
        for what, value in values.items()
    },
    "abstract": {"description": 'e:d dct:abstract "Les arbres"@fr'},
    "series": {"type": "e:d a dcat:DatasetSeries"},
    "both types": {"type": "e:d a dcat:Dataset, dcat:DatasetSeries"},
    "neither address": {"f.url": "", "f.page": ""},
    "access typed": {"f.url": "", "f.page": 'e:f dcat:accessURL "https://data.ville.fr/a"^^xsd:anyURI'},
    "access empty, no file": {"f.url": "", "f.page": 'e:f dcat:accessURL ""'},
    "licence on dataset": {"f.licence": "", "more": 'e:d dct:license "Licence Ouverte / Open Licence version 2.0"'},
    "licence in rights": {"f.licence": "", "more": 'e:d dct:rights "Licence Ouverte / Open Licence version 2.0"'},
    "licence in rights of files": {"f.licence": "", "more": 'e:f dct:rights "Licence Ouverte / Open Licence version 2.0"'},
    "same address twice": {"more": "e:d dcat:distribution e:g . e:g dcat:downloadURL <https://data.ville.fr/arbres.csv>"},
    "same page twice": {"f.url": "", "more": "e:d dcat:distribution e:g . e:g dcat:accessURL <https://data.ville.fr/arbres>"},
    "same address in two datasets": {"more": 'e:d2 a dcat:Dataset ; dct:identifier "d2" ; dct:title "B" ; dcat:distribution e:g . e:g dcat:downloadURL <https://data.ville.fr/arbres.csv>'},
    "same identifier": {"more": 'e:d2 a dcat:Dataset ; dct:identifier "https://data.ville.fr/d" ; dct:title "B"'},
    "same identifier, the first not saved": {"f.url": "e:f dcat:downloadURL <http://serveur/a.csv>", "more": 'e:d2 a dcat:Dataset ; dct:identifier "https://data.ville.fr/d" ; dct:title "B"'},
    "same identifier, the first not read": {"more": 'e:d dct:hasPart "part" . e:d2 a dcat:Dataset ; dct:identifier "https://data.ville.fr/d" ; dct:title "B"'},
    "period with an address for a day": {"temporal": "e:d dct:temporal [ dcat:startDate \"2020-01-01\"^^xsd:date ; dcat:endDate e:x ]"},
    "identifier in another case": {"more": 'e:d2 a dcat:Dataset ; dct:identifier "HTTPS://data.ville.fr/d" ; dct:title "B"'},
    "bare second dataset": {"more": "e:d2 a dcat:Dataset"},
    "served dataset": {"more": "e:s dcat:servesDataset e:d2 . e:d2 a dcat:Dataset"},
    "older version typed": {"more": 'e:d dcat:previousVersion e:d2 . e:d2 a dcat:Dataset ; dct:title "Old" ; dct:identifier "old"'},
    "checksum http hex": {"more": 'e:f spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "aa"^^xsd:hexBinary ]'},
    "checksum http text": {"more": 'e:f spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "aa" ]'},
    "checksum https": {"more": 'e:f spdx:checksum [ spdx:algorithm <https://spdx.org/rdf/terms#checksumAlgorithm_sha256> ; spdx:checksumValue "aa"^^xsd:hexBinary ]'},
    "checksum without algorithm": {"more": 'e:f spdx:checksum [ spdx:checksumValue "aa" ]'},
    "checksum algorithm text": {"more": 'e:f spdx:checksum [ spdx:algorithm "sha256" ; spdx:checksumValue "aa" ]'},
    "checksum text": {"more": 'e:f spdx:checksum "aa"'},
    "checksum without value": {"more": "e:f spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_md5 ]"},
    "acronym": {"more": 'e:d skos:altLabel "ARB"'},
    "acronym long": {"more": f'e:d skos:altLabel "{"a" * 129}"'},
    "acronym number": {"more": "e:d skos:altLabel 12"},
    "schema": {"more": "e:f dct:conformsTo <https://schema.ville.fr/arbres.json>"},
    "schema word": {"more": 'e:f dct:conformsTo "CNIG"'},
    "schema address text": {"more": 'e:f dct:conformsTo "https://schema.ville.fr/arbres.json"'},
    "schema blank": {"more": 'e:f dct:conformsTo [ dct:title "CNIG" ]'},
    "schema on dataset": {"more": "e:d dct:conformsTo <http://inspire.ec.europa.eu/x>"},
    "schema word on dataset": {"more": 'e:d dct:conformsTo "CNIG"'},
    "service": {"more": "e:f dcat:accessService e:s . e:s a dcat:DataService"},
    "service text": {"more": 'e:f dcat:accessService "WMS"'},
    "service ogc": {"more": "e:f dcat:accessService e:s . e:s dct:conformsTo <http://www.opengeospatial.org/standards/wms>"},
    "part": {"more": "e:d dct:hasPart <https://data.ville.fr/part.csv>"},
    "part text": {"more": 'e:d dct:hasPart "part"'},
    "part blank": {"more": 'e:d dct:hasPart [ dct:title "part" ]'},
    "part not web": {"more": "e:d dct:hasPart <urn:x:part>"},
    "distributions misspelt": {"file": "e:d dcat:distributions e:f"},
    "catalogue not typed": {"catalogue": ""},
    "dataset not listed": {"catalogue": "e:c a dcat:Catalog"},
    "version": {"more": 'e:d dcat:version "1.0"'},
    "versionInfo": {"more": 'e:d owl:versionInfo "1.0"'},
    "file type missing": {"file": "e:d dcat:distribution e:f"},
    "creator": {"more": 'e:d dct:creator [ foaf:name "Autrice" ]'},
    "html description": {"description": 'e:d dct:description "<p>Les <b>arbres</b></p>"@fr'},
    "description html typed": {"description": 'e:d dct:description "<p>Les arbres</p>"^^rdf:HTML'},
    "language text": {"more": 'e:d dct:language "fr"'},
    "title XML": {"title": 'e:d dct:title "<a/>"^^rdf:XMLLiteral'},
    "placeholder": {"f.url": "e:f dcat:downloadURL <https://data.example.org/a.csv>", "page": "e:d dcat:landingPage <https://www.example.com/>"},
    "modified zone": {"modified": 'e:d dct:modified "2024-01-01T10:00:00+99:00"'},
    "modified first year": {"modified": 'e:d dct:modified "0001-01-01T00:00:00+10:00"'},
    "issued zone": {"issued": 'e:d dct:issued "2024-01-01T10:00:00+99:00"'},
    "issued last day": {"issued": 'e:d dct:issued "9999-12-31T23:59:59-10:00"'},
    "period zone": {"temporal": 'e:d dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2020-01-01T00:00:00+99:00"^^xsd:dateTime ; dcat:endDate "2021-01-01T00:00:00+99:00"^^xsd:dateTime ]'},
    "capital address": {"f.url": 'e:f dcat:downloadURL <https://data.ville.FR/a.csv>'},
    "capital host": {"f.url": 'e:f dcat:downloadURL <https://DATA.Ville.fr/a.csv>'},
    "multicast address": {"f.url": 'e:f dcat:downloadURL <https://224.0.0.1/a.csv>'},
    "inspire theme": {"theme": 'e:d dcat:theme <http://inspire.ec.europa.eu/theme/ad>'},
    "inspire scheme": {"theme": 'e:d dcat:theme [ skos:inScheme <http://www.eionet.europa.eu/gemet/inspire_themes> ]'},
    "scheme text": {"theme": 'e:d dcat:theme [ skos:prefLabel "Environnement"@fr ; skos:inScheme "data-theme" ]'},
    "scheme empty": {"theme": 'e:d dcat:theme [ skos:prefLabel "Environnement"@fr ; skos:inScheme "" ]'},
    "scheme named by a number": {"theme": 'e:d dcat:theme [ skos:prefLabel "Environnement"@fr ; skos:inScheme [ dct:title 12 ] ]'},
    "inspire theme with a text for a scheme": {"theme": 'e:d dcat:theme <http://inspire.ec.europa.eu/theme/ad> . <http://inspire.ec.europa.eu/theme/ad> skos:inScheme "x"'},
    "inspire scheme by name": {"theme": 'e:d dcat:theme [ skos:inScheme [ dct:title "GEMET - INSPIRE themes, version 1.0" ] ]'},
    "geojson empty": {"spatial": 'e:d dct:spatial [ a dct:Location ; dcat:bbox "{\\"type\\":\\"Polygon\\",\\"coordinates\\":[]}"^^<https://www.iana.org/assignments/media-types/application/vnd.geo+json> ]'},
    "geojson without": {"spatial": 'e:d dct:spatial [ a dct:Location ; dcat:bbox "{\\"type\\":\\"Polygon\\"}"^^<https://www.iana.org/assignments/media-types/application/vnd.geo+json> ]'},
    "geojson list": {"spatial": 'e:d dct:spatial [ a dct:Location ; dcat:bbox "[]"^^<https://www.iana.org/assignments/media-types/application/vnd.geo+json> ]'},
    "geojson word": {"spatial": 'e:d dct:spatial [ a dct:Location ; dcat:bbox "{\\"type\\":\\"Polygon\\",\\"coordinates\\":\\"x\\"}"^^<https://www.iana.org/assignments/media-types/application/vnd.geo+json> ]'},
    "wkt empty": {"spatial": 'e:d dct:spatial [ a dct:Location ; locn:geometry "POLYGON EMPTY"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]'},
    "wkt point empty": {"spatial": 'e:d dct:spatial [ a dct:Location ; locn:geometry "POINT EMPTY"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]'},
    "wkt of one bracket": {"spatial": 'e:d dct:spatial [ a dct:Location ; locn:geometry "POLYGON(0 0,1 0,1 1,0 0)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]'},
    "wkt z": {"spatial": 'e:d dct:spatial [ a dct:Location ; locn:geometry "POLYGON Z((0 0 1,1 0 1,1 1 1,0 0 1))"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]'},
    "wkt srid": {"spatial": 'e:d dct:spatial [ a dct:Location ; locn:geometry "SRID=4326;POLYGON((0 0,1 0,1 1,0 0))"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]'},
    "wkt spaced": {"spatial": 'e:d dct:spatial [ a dct:Location ; locn:geometry "  POLYGON((0 0,1 0,1 1,0 0))  "^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]'},
    "mail number": {"contact": 'e:d dcat:contactPoint [ vcard:fn "Q" ; vcard:hasEmail 5 ]'},
    "mail twice mailto": {"contact": 'e:d dcat:contactPoint [ vcard:fn "Q" ; vcard:hasEmail "mailto:mailto:a@ville.fr" ]'},
    "blank dataset": {name: text.replace("e:d ", "_:d ") for name, text in GOOD.items()} | {"catalogue": "e:c a dcat:Catalog ; dcat:dataset _:d"},
}  # fmt: skip


def turtle(deviation: Mapping[str, str]) -> str:
    """The good catalogue with what stands in the place of its statements."""
    said = {"catalogue": "e:c a dcat:Catalog ; dcat:dataset e:d"} | GOOD | dict(deviation)
    return PREFIXES + "".join(f"{text} .\n" for text in said.values() if text)


def in_a_graph(beside: Mapping[str, object]) -> str:
    """A catalogue in JSON-LD whose dataset stands in a graph, with something beside it in the same object."""
    ours = {"@id": "https://data.ville.fr/g", "@type": "dcat:Dataset", "dct:identifier": "g", "dct:title": "Arbres"}
    context = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
    return json.dumps({"@context": context, **beside, "@graph": [ours]})


GRAPHS: dict[str, Mapping[str, object]] = {  # what stands beside the graph; is it read with the rest?
    "graph": {}, "graph with a comment": {"__comment": "x"}, "graph with a title": {"dct:title": "x"},
    "graph with an IRI": {"@id": "https://data.ville.fr/named"},
}  # fmt: skip
