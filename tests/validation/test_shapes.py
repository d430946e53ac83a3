"""shapes/records.ttl: a small graph that conforms, and what is found when something in it is changed."""

from typing import NamedTuple

import pyshacl
import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import RDFS, SH

from openproposals.validation import shacl
from support.languages import FR_EN
from support.places import ROOT

pytestmark = pytest.mark.slow

SHAPES = shacl.in_languages(Graph().parse(ROOT / "shapes" / "records.ttl"), FR_EN.own)
CODE = "https://w3id.org/openproposals/shapes#"
BASE = "https://example.org/corpus/"

PREFIXES = f"""
@base <{BASE}> .
@prefix op: <https://w3id.org/openproposals/ns#> .
@prefix basis: <https://w3id.org/openproposals/code/basis/> .
@prefix cit: <https://w3id.org/openproposals/code/citation/> .
@prefix evidence: <https://w3id.org/openproposals/code/evidence/> .
@prefix kind: <https://w3id.org/openproposals/code/figure/> .
@prefix q: <https://w3id.org/openproposals/code/qualifier/> .
@prefix scope: <https://w3id.org/openproposals/code/scope/> .
@prefix seen: <https://w3id.org/openproposals/code/seen/> .
@prefix trace: <https://w3id.org/openproposals/code/trace/> .
@prefix biro: <http://purl.org/spar/biro/> .
@prefix c4o: <http://purl.org/spar/c4o/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rel: <http://id.loc.gov/vocabulary/relators/> .
@prefix schema: <http://schema.org/> .
@prefix sdmxa: <http://purl.org/linked-data/sdmx/2009/attribute#> .
@prefix sdmxc: <http://purl.org/linked-data/sdmx/2009/code#> .
@prefix sdmxd: <http://purl.org/linked-data/sdmx/2009/dimension#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""

CONFORMING = """
<> dcterms:publisher <publisher> .
<publisher> a foaf:Agent .
<document/D> a schema:CreativeWork ; dcterms:publisher <agent/A> .
<text/T> a op:TextRendition ; dcterms:isVersionOf <document/D> ; op:characterCount 40 .
<activity/R> a prov:Activity ; prov:used <text/T> ; prov:wasAssociatedWith <agent/A> .
<agent/A> a prov:Agent ; rdfs:label "Acme"@fr , "Acme"@en .

<theme/1> a skos:Concept ; rdfs:label "Action sociale"@fr , "Social action"@en ; prov:wasDerivedFrom <document/D> .
<theme/1.1> a skos:Concept ; rdfs:label "Logement"@fr , "Housing"@en ; skos:broader <theme/1> .

<proposal/sourced> a op:Proposal ; rdfs:label "Un"@fr , "One"@en ;
  dcterms:isPartOf <theme/1.1> ; prov:wasDerivedFrom <document/D> ; op:statedIn <passage/P> ;
  op:evidenceStatus evidence:sourced ;
  op:restsOn <statistic/projection> , <statistic/ratio> ;
  op:restsOnStated <statistic/ratio> ; op:restsOnContext <statistic/projection> ;
  op:citesSource <source/W> .
<proposal/unsourced> a op:Proposal ; rdfs:label "Deux"@fr , "Two"@en ;
  op:evidenceStatus evidence:unsourced ; op:restsOn <statistic/ratio> ; op:restsOnContext <statistic/ratio> .
<proposal/none> a op:Proposal ; rdfs:label "Trois"@fr , "Three"@en ; op:evidenceStatus evidence:none-stated .

<proposal/none> schema:creator <agent/A> ; schema:keywords <theme/1> .
<answer/yes> a skos:Concept ; rdfs:label "Oui"@fr , "Yes"@en .
<response/1> a op:Response , schema:Comment ; schema:parentItem <proposal/none> ; schema:author <agent/A> ;
  op:answer <answer/yes> .
<outcome-status/done> a skos:Concept ; rdfs:label "Fait"@fr , "Done"@en .
<outcome/1> a op:Outcome , schema:Review ; schema:itemReviewed <proposal/none> ; op:outcomeStatus <outcome-status/done> .
<rating/1> a schema:ClaimReview ; schema:itemReviewed <statistic/cited> ; schema:author <agent/A> ;
  schema:reviewRating <rating/1#rating> .
<rating/1#rating> a schema:Rating ; schema:author <agent/A> ; schema:alternateName "Faux"@fr .

<statistic/cited> a op:Statistic ; rdfs:label "a"@fr , "a"@en ;
  op:scope scope:society ; op:figureKind kind:count ; op:citationStatus cit:cited ;
  op:hasFigure <figure/count> ; op:hasMarker <marker/noted> ; cito:citesAsEvidence <source/W> ;
  op:statedIn <passage/P> ; schema:appearance <document/D> .
<statistic/dangling> a op:Statistic ; rdfs:label "b"@fr , "b"@en ;
  op:scope scope:qualitative ; op:figureKind kind:qualitative ; op:citationStatus cit:dangling ;
  op:hasMarker <marker/alone> .
<statistic/uncited> a op:Statistic ; rdfs:label "c"@fr , "c"@en ;
  op:scope scope:publisher ; op:figureKind kind:count ; op:citationStatus cit:uncited .
<statistic/ambiguous> a op:Statistic ; rdfs:label "d"@fr , "d"@en ;
  op:scope scope:society ; op:figureKind kind:range ; op:citationStatus cit:ambiguous ;
  op:hasFigure <figure/range> ; op:hasMarker <marker/shared> ; op:possibleSource <source/W> .
<statistic/projection> a op:Statistic ; rdfs:label "e"@fr , "e"@en ;
  op:scope scope:society ; op:figureKind kind:projection ; op:citationStatus cit:cited ;
  op:hasFigure <figure/observed> , <figure/forecast> ; cito:citesAsEvidence <source/url> .
<statistic/ratio> a op:Statistic ; rdfs:label "f"@fr , "f"@en ;
  op:scope scope:society ; op:figureKind kind:ratio ; op:citationStatus cit:uncited ; op:hasFigure <figure/ratio> .

<figure/count> a op:Figure ; op:qualifier q:nearly ; schema:value 330000.0 ; op:statedIn <passage/P#count> ;
  sdmxd:refArea <http://publications.europa.eu/resource/authority/country/FRA> ; op:areaBasis basis:stated ;
  sdmxd:refPeriod "2023" ; op:periodBasis basis:implied .
<figure/range> a op:Figure ; op:qualifier q:between ; schema:minValue 6.0 ; schema:maxValue 8.0 .
<figure/observed> a op:Figure ; op:qualifier q:as-stated ; schema:value 1.0 ; sdmxa:obsStatus sdmxc:obsStatus-A .
<figure/forecast> a op:Figure ; op:qualifier q:as-stated ; schema:value 2.0 ; sdmxa:obsStatus sdmxc:obsStatus-F .
<figure/ratio> a op:Figure ; op:qualifier q:as-stated ; op:numerator 1 ; op:denominator 3 ; schema:value 0.3334 .

<marker/noted> a c4o:InTextReferencePointer ; c4o:denotes <note/N> ; op:statedIn <marker/noted#place> .
<marker/noted#place> a oa:SpecificResource ; oa:hasSource <text/T> ; oa:hasSelector <marker/noted#position> .
<marker/noted#position> a oa:TextPositionSelector ; oa:start 39 ; oa:end 40 .
<marker/alone> a c4o:InTextReferencePointer .
<marker/shared> a c4o:InTextReferencePointer ; op:possiblyDenotes <note/N> .
<note/N> a biro:BibliographicReference ; biro:references <source/W> .
<source/W> a op:Source , schema:CreativeWork ; rdfs:label "Rapport"@fr , "Report"@en ;
  dcterms:publisher <agent/A> ; rel:pat <agent/A> ; schema:url <https://acme.example/report> ;
  op:traceStatus trace:located ; prov:wasGeneratedBy <activity/R> .
<source/url> a op:Source , schema:CreativeWork ; op:traceStatus trace:not-attempted .
<source/archived> a op:Source , schema:CreativeWork ;
  schema:archivedAt <https://archive.example/report> ; op:traceStatus trace:located-archived .
<statement/A> a op:SourceStatement ; op:statementAbout <statistic/cited> , <figure/count> ;
  op:statedBySource <source/W> ; op:seenIn seen:work ;
  schema:value 329000.0 ; qudt:hasUnit <http://qudt.org/vocab/unit/NUM> .
<statement/B> a op:SourceStatement ; op:statementAbout <statistic/ambiguous> , <figure/range> ;
  op:statedBySource <source/W> .
<verification/V> a op:Verification ; oa:hasTarget <passage/P> ; op:sha256 "aa" .
<passage/P> oa:hasSelector <passage/P#faithful> , <passage/P#kept> .
<passage/P#faithful> op:sha256 "aa" .
<passage/P#kept> op:sha256 "bb" .
<verification/L> a op:Verification ; oa:hasTarget <source/W> .
<remark/R> a op:Remark ; rdfs:label "Vu"@fr , "Seen"@en ;
  oa:hasTarget <statistic/cited> , <marker/alone> , <note/N> , <source/W> , <proposal/none> , <document/D> .

<passage/P> a oa:SpecificResource ; rdfs:label "Page un"@fr , "Page one"@en ;
  dcterms:isPartOf <theme/1.1> ; oa:hasSource <text/T> ; oa:hasSelector <passage/P#position> .
<passage/P#position> a oa:TextPositionSelector ; oa:start 0 ; oa:end 20 .
<passage/P#count> a oa:SpecificResource ; dcterms:isPartOf <passage/P> ;
  oa:hasSource <text/T> ; oa:hasSelector <passage/P#count-position> ;
  op:precededBy <passage/P#before> ; op:followedBy <passage/P#after> .
<passage/P#count-position> a oa:TextPositionSelector ; oa:start 9 ; oa:end 11 .
<passage/Q> a oa:SpecificResource ; oa:hasSource <text/T> ; oa:hasSelector <passage/Q#position> .
<passage/Q#position> a oa:TextPositionSelector ; oa:start 5 ; oa:end 20 .
<passage/P#before> a op:DigestSelector .
<passage/P#after> a op:DigestSelector .
"""


class Case(NamedTuple):
    """A change to the conforming graph: triples to take out and to put in, and the one result it should give."""

    code: str
    focus: str
    remove: str = ""
    add: str = ""


CASES = [
    # citation status
    Case("bad-citation-status", "statistic/uncited", "<statistic/uncited> op:citationStatus cit:uncited ."),
    Case(
        "bad-citation-status",
        "statistic/uncited",
        "<statistic/uncited> op:citationStatus cit:uncited .",
        "<statistic/uncited> op:citationStatus cit:sourced .",
    ),
    Case("bad-citation-status", "statistic/ambiguous", add="<statistic/ambiguous> op:citationStatus cit:cited ."),
    Case("cited-without-source", "statistic/cited", "<statistic/cited> cito:citesAsEvidence <source/W> ."),
    Case("dangling-without-marker", "statistic/dangling", "<statistic/dangling> op:hasMarker <marker/alone> ."),
    Case("dangling-with-note", "statistic/dangling", add="<marker/alone> c4o:denotes <note/N> ."),
    Case(
        "dangling-with-note",
        "statistic/dangling",
        add="<statistic/dangling> op:hasMarker <marker/noted> ; cito:citesAsEvidence <source/W> .",
    ),
    Case("dangling-with-source", "statistic/dangling", add="<statistic/dangling> cito:citesAsEvidence <source/W> ."),
    Case("uncited-with-marker", "statistic/uncited", add="<statistic/uncited> op:hasMarker <marker/alone> ."),
    Case(
        "uncited-with-marker",
        "statistic/uncited",
        add="<statistic/uncited> op:hasMarker <marker/noted> ; cito:citesAsEvidence <source/W> .",
    ),
    Case("uncited-with-source", "statistic/uncited", add="<statistic/uncited> cito:citesAsEvidence <source/url> ."),
    Case(
        "ambiguous-without-possible-source",
        "statistic/ambiguous",
        "<statistic/ambiguous> op:possibleSource <source/W> .",
    ),
    Case("ambiguous-with-source", "statistic/ambiguous", add="<statistic/ambiguous> cito:citesAsEvidence <source/W> ."),
    Case("possible-source-not-ambiguous", "statistic/cited", add="<statistic/cited> op:possibleSource <source/url> ."),
    Case(
        "possible-source-not-ambiguous", "statistic/dangling", add="<statistic/dangling> op:possibleSource <source/W> ."
    ),
    Case(
        "possible-source-not-ambiguous", "statistic/uncited", add="<statistic/uncited> op:possibleSource <source/W> ."
    ),
    # scope, kind and figures
    Case("bad-scope", "statistic/uncited", "<statistic/uncited> op:scope scope:publisher ."),
    Case("bad-scope", "statistic/cited", add="<statistic/cited> op:scope scope:publisher ."),
    Case(
        "bad-scope",
        "statistic/uncited",
        "<statistic/uncited> op:scope scope:publisher .",
        "<statistic/uncited> op:scope scope:world .",
    ),
    Case("bad-figure-kind", "statistic/uncited", "<statistic/uncited> op:figureKind kind:count ."),
    Case("bad-figure-kind", "statistic/uncited", add="<statistic/uncited> op:figureKind kind:rank ."),
    Case(
        "bad-figure-kind",
        "statistic/uncited",
        "<statistic/uncited> op:figureKind kind:count .",
        "<statistic/uncited> op:figureKind kind:number .",
    ),
    Case("statistic-without-figure", "statistic/cited", "<statistic/cited> op:hasFigure <figure/count> ."),
    Case("statistic-without-figure", "statistic/ratio", "<statistic/ratio> op:hasFigure <figure/ratio> ."),
    Case("statistic-without-figure", "statistic/ambiguous", "<statistic/ambiguous> op:hasFigure <figure/range> ."),
    Case("qualitative-with-figure", "statistic/dangling", add="<statistic/dangling> op:hasFigure <figure/observed> ."),
    Case(
        "qualitative-with-figure",
        "statistic/cited",
        "<statistic/cited> op:scope scope:society .",
        "<statistic/cited> op:scope scope:qualitative .",
    ),
    Case(
        "qualitative-with-figure",
        "statistic/cited",
        "<statistic/cited> op:figureKind kind:count .",
        "<statistic/cited> op:figureKind kind:qualitative .",
    ),
    Case(
        "qualitative-of-other-kind",
        "statistic/dangling",
        "<statistic/dangling> op:figureKind kind:qualitative .",
        "<statistic/dangling> op:figureKind kind:count .",
    ),
    Case("projection-incomplete", "statistic/projection", "<statistic/projection> op:hasFigure <figure/observed> ."),
    Case("projection-incomplete", "statistic/projection", "<figure/forecast> sdmxa:obsStatus sdmxc:obsStatus-F ."),
    Case("ratio-without-terms", "statistic/ratio", "<figure/ratio> op:numerator 1 ; op:denominator 3 ."),
    Case(
        "ratio-without-terms",
        "statistic/cited",
        "<statistic/cited> op:figureKind kind:count .",
        "<statistic/cited> op:figureKind kind:ratio .",
    ),
    Case(
        "ratio-without-terms",
        "statistic/uncited",
        "<statistic/uncited> op:figureKind kind:count .",
        "<statistic/uncited> op:figureKind kind:ratio .",
    ),
    Case(
        "range-without-bounds",
        "statistic/cited",
        "<statistic/cited> op:figureKind kind:count .",
        "<statistic/cited> op:figureKind kind:range .",
    ),
    Case(
        "range-without-bounds",
        "statistic/uncited",
        "<statistic/uncited> op:figureKind kind:count .",
        "<statistic/uncited> op:figureKind kind:range .",
    ),
    # a figure's value, area and period
    Case("figure-without-value", "figure/count", "<figure/count> schema:value 330000.0 ."),
    Case("figure-without-value", "figure/range", "<figure/range> schema:minValue 6.0 ; schema:maxValue 8.0 ."),
    Case(
        "figure-without-value",
        "figure/ratio",
        "<figure/ratio> op:numerator 1 ; op:denominator 3 ; schema:value 0.3334 .",
    ),
    Case("range-incomplete", "figure/range", "<figure/range> schema:maxValue 8.0 ."),
    Case("range-incomplete", "figure/range", "<figure/range> schema:minValue 6.0 ."),
    Case("range-incomplete", "figure/count", add="<figure/count> schema:minValue 300000.0 ."),
    Case(
        "range-not-increasing",
        "figure/range",
        "<figure/range> schema:maxValue 8.0 .",
        "<figure/range> schema:maxValue 6.0 .",
    ),
    Case(
        "range-not-increasing",
        "figure/range",
        "<figure/range> schema:maxValue 8.0 .",
        "<figure/range> schema:maxValue 5.9 .",
    ),
    Case("value-and-range", "figure/range", add="<figure/range> schema:value 7.0 ."),
    Case(
        "between-without-bounds",
        "figure/range",
        "<figure/range> schema:minValue 6.0 ; schema:maxValue 8.0 .",
        "<figure/range> schema:value 7.0 .",
    ),
    Case(
        "between-without-bounds",
        "figure/ratio",
        "<figure/ratio> op:qualifier q:as-stated .",
        "<figure/ratio> op:qualifier q:between .",
    ),
    Case("ratio-incomplete", "figure/ratio", "<figure/ratio> op:denominator 3 ."),
    Case("ratio-incomplete", "figure/ratio", "<figure/ratio> op:numerator 1 ; schema:value 0.3334 ."),
    Case(
        "ratio-value-off",
        "figure/ratio",
        "<figure/ratio> schema:value 0.3334 .",
        "<figure/ratio> schema:value 0.3335 .",
    ),
    Case("ratio-value-off", "figure/ratio", "<figure/ratio> op:denominator 3 .", "<figure/ratio> op:denominator 0 ."),
    Case("bad-qualifier", "figure/count", "<figure/count> op:qualifier q:nearly ."),
    Case("bad-qualifier", "figure/count", add="<figure/count> op:qualifier q:at-most ."),
    Case(
        "bad-qualifier",
        "figure/count",
        "<figure/count> op:qualifier q:nearly .",
        "<figure/count> op:qualifier q:roughly .",
    ),
    Case("area-without-basis", "figure/count", "<figure/count> op:areaBasis basis:stated ."),
    Case("area-without-basis", "figure/range", add="<figure/range> op:areaBasis basis:stated ."),
    Case("period-without-basis", "figure/count", "<figure/count> op:periodBasis basis:implied ."),
    Case("period-without-basis", "figure/range", add="<figure/range> op:periodBasis basis:stated ."),
    # a proposal's evidence
    Case("bad-evidence-status", "proposal/none", "<proposal/none> op:evidenceStatus evidence:none-stated ."),
    Case(
        "bad-evidence-status",
        "proposal/none",
        "<proposal/none> op:evidenceStatus evidence:none-stated .",
        "<proposal/none> op:evidenceStatus evidence:cited .",
    ),
    Case(
        "not-sourced",
        "proposal/unsourced",
        "<proposal/unsourced> op:evidenceStatus evidence:unsourced .",
        "<proposal/unsourced> op:evidenceStatus evidence:sourced .",
    ),
    Case(
        "not-sourced",
        "proposal/none",
        "<proposal/none> op:evidenceStatus evidence:none-stated .",
        "<proposal/none> op:evidenceStatus evidence:sourced .",
    ),
    Case(
        "not-unsourced",
        "proposal/sourced",
        "<proposal/sourced> op:evidenceStatus evidence:sourced .",
        "<proposal/sourced> op:evidenceStatus evidence:unsourced .",
    ),
    Case(
        "not-unsourced",
        "proposal/none",
        "<proposal/none> op:evidenceStatus evidence:none-stated .",
        "<proposal/none> op:evidenceStatus evidence:unsourced .",
    ),
    Case(
        "not-none-stated",
        "proposal/unsourced",
        "<proposal/unsourced> op:evidenceStatus evidence:unsourced .",
        "<proposal/unsourced> op:evidenceStatus evidence:none-stated .",
    ),
    Case("evidence-links-differ", "proposal/sourced", "<proposal/sourced> op:restsOn <statistic/ratio> ."),
    Case("evidence-links-differ", "proposal/none", add="<proposal/none> op:restsOnContext <statistic/ratio> ."),
    Case("evidence-links-differ", "proposal/sourced", "<proposal/sourced> op:restsOnContext <statistic/projection> ."),
    Case(
        "evidence-on-both-bases",
        "proposal/sourced",
        add="<proposal/sourced> op:restsOnStated <statistic/projection> .",
    ),
    Case(
        "stated-twice",
        "statistic/ratio",
        "<proposal/unsourced> op:restsOnContext <statistic/ratio> .",
        "<proposal/unsourced> op:restsOnStated <statistic/ratio> .",
    ),
    # sources, passages, remarks
    Case("bad-trace-status", "source/W", "<source/W> op:traceStatus trace:located ."),
    Case("bad-trace-status", "source/url", "<source/url> op:traceStatus trace:not-attempted ."),
    Case("bad-trace-status", "source/archived", add="<source/archived> op:traceStatus trace:not-attempted ."),
    Case("bad-trace-status", "document/D", add="<document/D> op:traceStatus trace:lost ."),
    Case("statement-of-other-statistic", "statement/A", add="<statement/A> op:statementAbout <figure/range> ."),
    Case("statement-of-other-statistic", "statement/B", add="<statement/B> op:statementAbout <figure/count> ."),
    Case(
        "statement-of-uncited-source",
        "statement/A",
        "<statement/A> op:statedBySource <source/W> .",
        "<statement/A> op:statedBySource <source/archived> .",
    ),
    Case(
        "statement-of-uncited-source",
        "statement/B",
        "<statement/B> op:statementAbout <statistic/ambiguous> , <figure/range> .",
        "<statement/B> op:statementAbout <statistic/uncited> .",
    ),
    Case("statement-without-figure", "statement/A", "<statement/A> op:statementAbout <figure/count> ."),
    Case("statement-without-unit", "statement/A", "<statement/A> qudt:hasUnit <http://qudt.org/vocab/unit/NUM> ."),
    Case("range-incomplete", "statement/B", add="<statement/B> schema:minValue 1.0 ; qudt:hasUnit <unit> ."),
    Case("ratio-incomplete", "statement/B", add="<statement/B> op:numerator 1 ; qudt:hasUnit <unit> ."),
    Case(
        "statement-of-source-unseen",
        "source/W",
        "<source/W> op:traceStatus trace:located .",
        "<source/W> op:traceStatus trace:searched-not-found .",
    ),
    Case(
        "statement-of-source-unseen",
        "source/W",
        "<source/W> op:traceStatus trace:located . <statement/A> op:seenIn seen:work .",
        "<source/W> op:traceStatus trace:not-attempted .",
    ),
    Case("stated-by-source-not-a-source", "statement/A", add="<statement/A> op:statedBySource <agent/A> ."),
    Case("statement-about-other-thing", "statement/B", add="<statement/B> op:statementAbout <proposal/none> ."),
    Case("located-without-address", "source/W", "<source/W> schema:url <https://acme.example/report> ."),
    Case(
        "located-without-address",
        "source/archived",
        "<source/archived> op:traceStatus trace:located-archived .",
        "<source/archived> op:traceStatus trace:located .",
    ),
    Case(
        "located-without-address",
        "source/archived",
        "<source/archived> op:traceStatus trace:located-archived .",
        "<source/archived> op:traceStatus trace:located-uncertain .",
    ),
    Case(
        "archived-without-copy",
        "source/archived",
        "<source/archived> schema:archivedAt <https://archive.example/report> .",
    ),
    Case(
        "archived-without-copy",
        "source/W",
        "<source/W> op:traceStatus trace:located .",
        "<source/W> op:traceStatus trace:located-archived .",
    ),
    Case(
        "span-not-forward", "passage/P#position", "<passage/P#position> oa:end 20 .", "<passage/P#position> oa:end 0 ."
    ),
    Case(
        "span-not-forward",
        "passage/P#count-position",
        "<passage/P#count-position> oa:end 11 .",
        "<passage/P#count-position> oa:end 8 .",
    ),
    Case(
        "span-not-forward",
        "passage/P#position",
        "<passage/P#position> oa:start 0 .",
        "<passage/P#position> oa:start 30 .",
    ),
    Case(
        "span-outside-passage",
        "passage/P#count",
        "<passage/P#position> oa:start 0 .",
        "<passage/P#position> oa:start 10 .",
    ),
    Case(
        "span-outside-passage",
        "passage/P#count",
        "<passage/P#count-position> oa:end 11 .",
        "<passage/P#count-position> oa:end 21 .",
    ),
    Case(
        "span-outside-passage",
        "passage/P#count",
        "<passage/P#position> oa:start 0 ; oa:end 20 . <passage/P#count-position> oa:end 11 .",
        "<passage/P#position> oa:start 10 ; oa:end 11 . <passage/P#count-position> oa:end 12 .",
    ),
    Case("passage-outside-text", "text/T", "<passage/P#position> oa:end 20 .", "<passage/P#position> oa:end 41 ."),
    Case(
        "passage-outside-text", "text/T", "<marker/noted#position> oa:end 40 .", "<marker/noted#position> oa:end 41 ."
    ),
    Case(
        "figure-elsewhere",
        "statistic/cited",
        "<passage/P#count> dcterms:isPartOf <passage/P> .",
        "<passage/P#count> dcterms:isPartOf <passage/Q> .",
    ),
    Case("figure-elsewhere", "statistic/cited", "<statistic/cited> op:statedIn <passage/P> ."),
    Case(
        "remark-about-nothing",
        "remark/R",
        """<remark/R> oa:hasTarget
        <statistic/cited> , <marker/alone> , <note/N> , <source/W> , <proposal/none> , <document/D> .""",
    ),
    Case("verification-of-nothing", "verification/L", "<verification/L> oa:hasTarget <source/W> ."),
    Case("verification-of-nothing", "verification/L", add="<verification/L> oa:hasTarget <document/D> ."),
    Case(
        "verification-stale", "verification/V", '<verification/V> op:sha256 "aa" .', '<verification/V> op:sha256 "cc" .'
    ),
    # labels
    Case("not-one-label.fr", "proposal/none", '<proposal/none> rdfs:label "Trois"@fr .'),
    Case("not-one-label.fr", "statistic/cited", '<statistic/cited> rdfs:label "a"@fr .'),
    Case("not-one-label.fr", "theme/1", '<theme/1> rdfs:label "Action sociale"@fr .'),
    Case("not-one-label.fr", "agent/A", '<agent/A> rdfs:label "Acme"@fr .'),
    Case("two-labels-in-one-language", "remark/R", add='<remark/R> rdfs:label "Revu"@fr .'),
    Case("not-one-label.fr", "source/W", '<source/W> rdfs:label "Rapport"@fr .'),
    Case("not-one-label.fr", "source/url", add='<source/url> rdfs:label "Page"@en .'),
    Case("not-one-label.en", "proposal/none", '<proposal/none> rdfs:label "Three"@en .'),
    Case("not-one-label.en", "passage/P", '<passage/P> rdfs:label "Page one"@en .'),
    Case("not-one-label.en", "passage/P#count", add='<passage/P#count> rdfs:label "Chiffre"@fr .'),
    Case("label-in-other-language", "agent/A", add='<agent/A> rdfs:label "Acme"@de .'),
    Case("label-in-other-language", "agent/A", add='<agent/A> rdfs:label "Acme" .'),
    # links
    Case(
        "rests-on-not-a-statistic",
        "proposal/sourced",
        add="<proposal/sourced> op:restsOn <statistic/gone> ; op:restsOnStated <statistic/gone> .",
    ),
    Case(
        "rests-on-not-a-statistic",
        "proposal/sourced",
        add="<proposal/sourced> op:restsOn <source/W> ; op:restsOnContext <source/W> .",
    ),
    Case("cites-source-not-a-source", "proposal/sourced", add="<proposal/sourced> op:citesSource <note/N> ."),
    Case("cites-source-not-a-source", "proposal/sourced", add="<proposal/sourced> op:citesSource <document/D> ."),
    Case("cites-as-evidence-not-a-source", "statistic/cited", add="<statistic/cited> cito:citesAsEvidence <note/N> ."),
    Case(
        "cites-as-evidence-not-a-source",
        "statistic/cited",
        add="<statistic/cited> cito:citesAsEvidence <document/D> .",
    ),
    Case(
        "possible-source-not-a-source",
        "statistic/ambiguous",
        add="<statistic/ambiguous> op:possibleSource <document/D> .",
    ),
    Case("references-not-a-source", "note/N", add="<note/N> biro:references <document/D> ."),
    Case(
        "possible-source-not-a-source",
        "statistic/ambiguous",
        add="<statistic/ambiguous> op:possibleSource <source/gone> .",
    ),
    Case("references-not-a-source", "note/N", add="<note/N> biro:references <source/gone> ."),
    Case("has-figure-not-a-figure", "statistic/cited", add="<statistic/cited> op:hasFigure <figure/gone> ."),
    Case("stated-in-not-a-passage", "statistic/cited", add="<statistic/cited> op:statedIn <passage/gone> ."),
    Case("stated-in-not-a-passage", "marker/noted", add="<marker/noted> op:statedIn <text/T> ."),
    Case("has-source-not-a-text", "passage/P", add="<passage/P> oa:hasSource <document/D> ."),
    Case("preceded-by-not-a-digest", "passage/P#count", add="<passage/P#count> op:precededBy <passage/P#position> ."),
    Case("followed-by-not-a-digest", "passage/P#count", add="<passage/P#count> op:followedBy <passage/P#position> ."),
    Case("has-marker-not-a-marker", "statistic/cited", add="<statistic/cited> op:hasMarker <note/N> ."),
    Case("denotes-not-a-note", "marker/noted", add="<marker/noted> c4o:denotes <source/W> ."),
    Case("possibly-denotes-not-a-note", "marker/shared", add="<marker/shared> op:possiblyDenotes <note/gone> ."),
    Case("version-of-not-a-document", "text/T", add="<text/T> dcterms:isVersionOf <document/gone> ."),
    Case("derived-from-not-a-document", "proposal/none", add="<proposal/none> prov:wasDerivedFrom <text/T> ."),
    Case("derived-from-not-a-document", "theme/1", add="<theme/1> prov:wasDerivedFrom <document/gone> ."),
    Case("appearance-not-a-document", "statistic/cited", add="<statistic/cited> schema:appearance <text/T> ."),
    Case("publisher-not-an-agent", "document/D", add="<document/D> dcterms:publisher <publisher> ."),
    Case("publisher-not-an-agent", "source/url", add="<source/url> dcterms:publisher <agent/gone> ."),
    Case("creator-not-an-agent", "proposal/none", add="<proposal/none> schema:creator <agent/gone> ."),
    Case("author-not-an-agent", "response/1", add="<response/1> schema:author <agent/gone> ."),
    Case("author-not-an-agent", "statistic/cited", add="<statistic/cited> schema:author <publisher> ."),
    Case("author-not-an-agent", "rating/1", add="<rating/1> schema:author <agent/gone> ."),
    Case("filed-under-not-a-theme", "proposal/none", add="<proposal/none> schema:keywords <theme/gone> ."),
    Case("response-to-other-thing", "response/1", add="<response/1> schema:parentItem <statistic/cited> ."),
    Case("answer-not-listed", "response/1", add="<response/1> op:answer <answer/gone> ."),
    Case("outcome-of-other-thing", "outcome/1", add="<outcome/1> schema:itemReviewed <statistic/cited> ."),
    Case("outcome-status-not-listed", "outcome/1", add="<outcome/1> op:outcomeStatus <outcome-status/gone> ."),
    Case("rating-of-other-thing", "rating/1", add="<rating/1> schema:itemReviewed <proposal/none> ."),
    Case("rating-without-verdict", "rating/1#rating", '<rating/1#rating> schema:alternateName "Faux"@fr .'),
    Case("commissioner-not-an-agent", "source/W", add="<source/W> rel:pat <agent/gone> ."),
    Case("part-of-not-a-theme", "proposal/none", add="<proposal/none> dcterms:isPartOf <theme/gone> ."),
    Case("part-of-not-a-theme", "proposal/none", add="<proposal/none> dcterms:isPartOf <passage/P> ."),
    Case("passage-part-of-other-thing", "passage/P", add="<passage/P> dcterms:isPartOf <text/T> ."),
    Case("passage-part-of-other-thing", "passage/P#count", add="<passage/P#count> dcterms:isPartOf <passage/gone> ."),
    Case("broader-not-a-theme", "theme/1", add="<theme/1> skos:broader <theme/gone> ."),
    Case("theme-circle", "theme/1", add="<theme/1> skos:broader <theme/1> ."),
    Case("used-not-a-text", "activity/R", add="<activity/R> prov:used <document/D> ."),
    Case("associated-with-not-an-agent", "activity/R", add="<activity/R> prov:wasAssociatedWith <publisher> ."),
    Case("generated-by-not-an-activity", "source/W", add="<source/W> prov:wasGeneratedBy <activity/gone> ."),
    Case("remark-about-other-thing", "remark/R", add="<remark/R> oa:hasTarget <figure/count> ."),
]

NAMED = sorted(s for s in SHAPES.subjects(RDF.type) if isinstance(s, URIRef) and str(s).startswith(CODE))
CITATIONS = ("cited", "dangling", "uncited", "ambiguous")


def turtle(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def changed(remove: str = "", add: str = "") -> Graph:
    """Take triples out of the conforming graph, which must have them, and put in others, which it must not have."""
    graph, out, into = turtle(CONFORMING), turtle(remove), turtle(add)
    assert (len(out), 0) == (len(out & graph), len(into & graph))
    return graph - out + into


def results(graph: Graph) -> list[tuple[str, str]]:
    """Code and focus node of each result."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES, advanced=False, inplace=True)
    return sorted(
        (
            str(report.value(result, SH.sourceShape)).removeprefix(CODE),
            str(report.value(result, SH.focusNode)).removeprefix(BASE),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def test_conforming() -> None:
    """Nothing is found in a graph that follows every rule."""
    assert results(turtle(CONFORMING)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_fault(case: Case) -> None:
    """One fault gives one result, under its code, on the node whose row is to be mended."""
    assert [(case.code, case.focus)] == results(changed(case.remove, case.add))


def test_theme_circle() -> None:
    """Every theme of a circle is found, and none below it."""
    graph = changed(add="<theme/1> skos:broader <theme/1.1> . <theme/1.1.1> skos:broader <theme/1.1> .")
    graph += turtle('<theme/1.1.1> a skos:Concept ; rdfs:label "Hébergement"@fr , "Shelter"@en .')
    assert [("theme-circle", "theme/1"), ("theme-circle", "theme/1.1")] == results(graph)


@pytest.mark.parametrize("wrong", CITATIONS)
@pytest.mark.parametrize("right", CITATIONS)
def test_wrong_citation_status(right: str, wrong: str) -> None:
    """A statistic given another's citation status is found once, whichever the two are."""
    status = f"<statistic/{right}> op:citationStatus cit:"
    graph = turtle(CONFORMING) - turtle(f"{status}{right} .") + turtle(f"{status}{wrong} .")
    assert [f"statistic/{right}"] * (right != wrong) == [focus for _, focus in results(graph)]


@pytest.mark.parametrize(
    ("remove", "add"),
    [
        ("", "<statistic/cited> cito:citesAsEvidence <source/url> ."),
        ("", "<statistic/cited> op:hasMarker <marker/alone> ."),
        ("", "<statistic/uncited> op:hasFigure <figure/observed> ."),
        ("<figure/ratio> schema:value 0.3334 .", "<figure/ratio> schema:value 0.3333 ."),
        ("<figure/ratio> schema:value 0.3334 .", ""),
        ("", "<source/unused> a op:Source ; op:traceStatus trace:searched-not-found ."),
        ("", "<note/N> biro:references <source/url> , <source/archived> ."),
        ("<note/N> biro:references <source/W> .", ""),
        ("", "<source/archived> schema:url <https://acme.example/other> ."),
        ("<activity/R> prov:wasAssociatedWith <agent/A> .", ""),
        ("<text/T> op:characterCount 40 .", "<text/T> op:characterCount 41 ."),
        ("<passage/P#count-position> oa:start 9 ; oa:end 11 .", "<passage/P#count-position> oa:start 0 ; oa:end 20 ."),
        ("", "<statistic/cited> op:statedIn <passage/Q> ."),
        ("<statistic/ratio> op:figureKind kind:ratio .", "<statistic/ratio> op:figureKind kind:percentage ."),
        ("<figure/range> op:qualifier q:between .", "<figure/range> op:qualifier q:nearly ."),
        ("", '<document/D> rdfs:label "Livret"@fr , "Booklet"@en .'),
    ],
)
def test_allowed(remove: str, add: str) -> None:
    """What no rule forbids is not found."""
    assert results(changed(remove, add)) == []


def test_every_shape_fails() -> None:
    """Each named shape is the source of a result in some case, so none is idle; and every case names a shape."""
    assert {str(shape).removeprefix(CODE) for shape in NAMED} == {case.code for case in CASES}


def test_results_come_from_named_shapes() -> None:
    """Whatever has a target has a name, so that each result leads to a finding's code."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    assert set(NAMED) == {shape for target in targets for shape in SHAPES.subjects(target)}


@pytest.mark.parametrize("shape", NAMED, ids=lambda shape: str(shape).removeprefix(CODE))
def test_words(shape: URIRef) -> None:
    """Each shape has a message in French and one in English, and a comment that names its rule."""
    messages = sorted(getattr(message, "language", None) or "" for message in SHAPES.objects(shape, SH.message))
    assert (messages, len(list(SHAPES.objects(shape, RDFS.comment)))) == (["en", "fr"], 1)


@pytest.mark.slow
def test_shapes_are_shacl() -> None:
    """The shapes are themselves well formed, by SHACL's own shapes."""
    conforms, _, _ = pyshacl.validate(Graph(), shacl_graph=SHAPES, meta_shacl=True, inplace=True)
    assert True is conforms
