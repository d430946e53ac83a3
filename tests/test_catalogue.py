"""What is said of a release: one graph in three syntaxes, companions with true counts, a page, hosting."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import yaml
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, SH, VOID

from openproposals import corpus, descriptor, stages, templates
from openproposals.catalog import companions, csvw, describe, history, hosting, page, syntaxes
from openproposals.release import Entry
from places import DIST, MINIMAL, REAL, ROOT, SHARED, needs_standards

FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
AP = SHARED / "standards" / "dcat-ap-3.0.1"
ENTRY = Entry(10, "0" * 64)


def catalogue(extension: str) -> rdflib.Graph:
    return rdflib.Graph().parse(DIST / f"catalog.{extension}", format=FORMATS[extension])


def described(folder: Path) -> dict[str, object]:
    read, found = corpus.read(folder)
    assert read is not None, found
    return dict(read.descriptor)


@pytest.mark.parametrize("extension", ["jsonld", "rdf"])
def test_the_three_serialisations_are_one_graph(extension: str) -> None:
    assert isomorphic(catalogue("ttl"), catalogue(extension))


def test_json_ld_needs_nobody() -> None:
    """No remote context to fetch, and no byte that a wrong charset could spoil."""
    data = (DIST / "catalog.jsonld").read_bytes()
    assert data.isascii()
    assert {"str"} == {type(v).__name__ for v in json.loads(data)["@context"].values()}


@pytest.mark.parametrize("extension", FORMATS)
@needs_standards
def test_dcat_ap(extension: str) -> None:
    """The official shapes, base, ranges, code lists, deprecated terms: no violation, in any syntax, offline."""
    shapes = rdflib.Graph()
    for name in ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "deprecateduris.ttl"):
        shapes.parse(AP / name)
    data = catalogue(extension)
    _, results, text = pyshacl.validate(data.parse(AP / "background.ttl"), shacl_graph=shapes, inference="none")
    assert isinstance(results, rdflib.Graph)
    found = {
        (results.value(r, SH.resultSeverity), results.value(r, SH.resultPath)) for r in results.objects(None, SH.result)
    }
    # the publisher is no body of the EU's list, and cannot be
    assert found <= {(SH.Warning, DCTERMS.publisher)}, text


@needs_standards
def test_what_dcat_ap_recommends() -> None:
    """Every recommended property, but a place's centroid, and the publisher's kind where the descriptor is silent."""
    shapes = rdflib.Graph().parse(AP / "shapes_recommended.ttl")
    _, results, _ = pyshacl.validate(catalogue("ttl"), shacl_graph=shapes, inference="none")
    assert isinstance(results, rdflib.Graph)
    assert {DCAT.centroid, DCTERMS.type} == {results.value(r, SH.resultPath) for r in results.objects(None, SH.result)}


def test_same_descriptor_same_bytes(tmp_path: Path) -> None:
    """Under other hash seeds, every file of a release is the same."""
    made = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "openproposals", "publish", str(MINIMAL), "--out", str(out), "--quiet"]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed}, cwd=ROOT)
        made.append({str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()})
    assert made[0] == made[1]


def test_a_descriptor_without_the_optional_keys() -> None:
    """A corpus that says only what it must has a catalogue all the same, and a page."""
    about = described(MINIMAL)
    graph = describe.describe(about, {"minimal.ttl": ENTRY, "tables/proposals.csv": ENTRY})
    dataset = rdflib.URIRef(str(about["base"]))
    assert 2 == len(list(graph.objects(dataset, DCAT.distribution)))
    assert graph.value(dataset, DCTERMS.temporal) is None
    assert isomorphic(graph, rdflib.Graph().parse(data=syntaxes.serialise(graph, "rdf"), format="xml"))


def test_history() -> None:
    """Issued is the first release's day, modified this one's; the version before is linked and never typed."""
    about = described(MINIMAL) | {
        "version": "1.1.0", "released": "2026-03-01", "keep_releases": True,
        "history": {
            "1.0.0": {"released": "2026-01-31"},
            "1.1.0": {"released": "2026-03-01", "notes": {"fr": "Deux lignes de plus.", "en": "Two more rows."}},
        },
    }  # fmt: skip
    graph = describe.describe(about, {"minimal.ttl": ENTRY})
    dataset = rdflib.URIRef(str(about["base"]))
    before = graph.value(dataset, rdflib.URIRef(str(DCAT) + "previousVersion"))
    assert f"{about['site']}releases/1.0.0/" == str(before)
    assert [] == list(graph.predicate_objects(before))
    assert ("2026-01-31", "2026-03-01") == history.dates(about)
    assert "2026-01-31" == str(graph.value(dataset, DCTERMS.issued))
    assert [dataset] == list(graph.subjects(RDF.type, DCAT.Dataset))


def test_void_counts_are_true() -> None:
    """Triples, and each partition's count, are those of the parsed dump; /.well-known/void is the same file."""
    void = rdflib.Graph().parse(DIST / "void.ttl")
    dump = list(ox.parse((DIST / "vivre-ensemble.ttl").read_bytes(), format=ox.RdfFormat.TURTLE))
    properties = Counter(q.predicate.value for q in dump)
    classes = Counter(
        q.object.value for q in dump if q.predicate.value == str(RDF.type) and isinstance(q.object, ox.NamedNode)
    )
    said = {
        kind: {str(void.value(n, term)): int(str(void.value(n, count))) for n in void.objects(None, partition)}
        for kind, partition, term, count in (
            ("properties", VOID.propertyPartition, VOID.property, VOID.triples),
            ("classes", VOID.classPartition, VOID["class"], VOID.entities),
        )
    }
    assert {"properties": dict(properties), "classes": dict(classes)} == said
    dataset = rdflib.URIRef(described(REAL)["base"])
    assert len(dump) == int(str(void.value(dataset, VOID.triples)))
    assert (DIST / "void.ttl").read_bytes() == (DIST / ".well-known" / "void").read_bytes()


def test_csvw_leaves_out_little_and_says_which() -> None:
    """Only dates of mixed precision and second texts of one column are beyond CSVW."""
    left = {
        (t.table.name, p.key, p.object.holes) for t in templates.load("https://x.example/") for p in csvw.left_out(t)
    }
    assert left
    for table, key, holes in left:
        column = next(c for c in templates.schema.tables()[table].columns if c.name == holes[0])
        assert column.partial_date or key == "prefLabel", (table, key)


def test_the_landing_page() -> None:
    """In both languages, with every download, and a schema.org Dataset that fits Google's rules."""
    text = (DIST / "index.html").read_text(encoding="utf-8")
    for heading in ("La source est-elle imprimée ?", "Is a source printed?", "aucune source n'est imprimée"):
        assert heading in text.replace("&#39;", "'")
    found = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0])
    assert all(50 <= len(d["@value"]) <= 5000 for d in found["description"])
    site = described(REAL)["site"]
    assert len(found["distribution"]) == len(list((DIST / "tables").glob("*.csv"))) + 5
    for download in found["distribution"]:
        name = download["contentUrl"].removeprefix(site)
        assert (DIST / name).is_file()
        assert f'href="{name}"' in text
    links = set(re.findall(r'(?:href|src)="([^"#][^"]*)"', text))
    assert [link for link in links if ":" not in link and not (DIST / link).is_file()] == []


def test_a_page_that_is_written_against() -> None:
    """Words of a descriptor are words: none becomes a tag, an attribute, or the end of the script."""
    bad = '</script><script>alert(1)</script>" onload="alert(2)'
    about = described(MINIMAL) | {"title": {"fr": bad, "en": bad}, "description": {"fr": bad, "en": bad}}
    read, _ = corpus.read(MINIMAL)
    assert read is not None
    text = page.landing(about, {}, read.tables).decode()
    assert 1 == text.count("</script>")
    assert "<script>alert" not in text
    assert '" onload="' not in text


def test_statuses_count_from_columns() -> None:
    frames = {"statistics": pl.DataFrame({"citation_status": ["cited", "cited", "uncited"]})}
    assert {"cited": 2, "uncited": 1, "dangling": 0, "ambiguous": 0} == page.statuses(frames)


def test_hosting_refuses_what_a_server_would_act_on() -> None:
    """An address that could end a directive gives no configuration at all."""
    about = described(MINIMAL)
    assert hosting.files(about)
    for bad in ("https://x.example/a;b/", "https://x.example/$uri/", "https://x.example/a'b/"):
        assert {} == hosting.files(about | {"site": bad})
        assert {} == hosting.files(about | {"base": bad})


@pytest.mark.skipif(
    shutil.which("nginx") is None, reason="nginx is not installed; apt-get install nginx, as .ci/run does"
)
def test_nginx_reads_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "site.conf").write_bytes((DIST / "hosting" / "nginx.conf").read_bytes())
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ access_log off; include site.conf; }}",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[int]:
    """The committed release, served by the real nginx under its own configuration, on a free port."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed; apt-get install nginx, as .ci/run does")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = (DIST / "hosting" / "nginx.conf").read_text(encoding="utf-8")
    assert conf.count("listen 80;") == 2
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/vivre-ensemble/", f"{tmp_path}/site/")
    shutil.copytree(DIST, tmp_path / "site")
    tmp_path.chmod(0o755)
    for parent in (*tmp_path.parents[:2], tmp_path):
        parent.chmod(0o755)  # nginx's workers are nobody
    (tmp_path / "site.conf").write_text(conf, encoding="utf-8")
    temporary = "".join(f"{n}_temp_path {tmp_path}/{n}; " for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"pid {tmp_path}/pid; error_log {tmp_path}/log; daemon off; events {{}} http {{ access_log off; {temporary} include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(main, encoding="utf-8")
    server = subprocess.Popen(
        ["nginx", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def ask(port: int, host: str, path: str, accept: str = "*/*") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host, "Accept": accept})
    answer = connection.getresponse()
    found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    connection.close()
    return found


def test_nginx_serves_the_release(nginx: int) -> None:
    """Every file where the catalogue says it is, with charset and CORS and no redirect; IRIs answer 303 by what is asked."""
    site, here = "openproposals.example.org", "/vivre-ensemble/"
    kinds = {
        "catalog.ttl": "text/turtle; charset=utf-8", "catalog.jsonld": "application/ld+json; charset=utf-8",
        "catalog.rdf": "application/rdf+xml; charset=utf-8", "figures.csv": "text/csv; charset=utf-8",
        "index.html": "text/html; charset=utf-8", "tables/proposals.csv": "text/csv; charset=utf-8",
        "SHA256SUMS": "text/plain; charset=utf-8", ".well-known/void": "text/plain; charset=utf-8",
    }  # fmt: skip
    for name, kind in kinds.items():
        status, headers, body = ask(nginx, site, here + name)
        assert (200, kind, "*") == (status, headers["content-type"], headers["access-control-allow-origin"]), name
        assert (DIST / name).read_bytes() == body
    assert 200 == ask(nginx, site, here)[0]
    assert (
        404 == ask(nginx, site, here + "../../etc/passwd")[0] or 400 == ask(nginx, site, here + "../../etc/passwd")[0]
    )
    assert (303, "https://openproposals.example.org/vivre-ensemble/void.ttl") == (lambda a: (a[0], a[1]["location"]))(
        ask(nginx, site, "/.well-known/void")
    )
    wanted = {
        "text/turtle": "vivre-ensemble.ttl",
        "application/ld+json": "vivre-ensemble.jsonld",
        "text/html,*/*;q=0.8": "index.html",
        "*/*": "index.html",
    }
    for accept, name in wanted.items():
        status, headers, _ = ask(nginx, "w3id.org", "/openproposals/vivre-ensemble/statistic/S02", accept)
        assert (303, f"https://{site}{here}{name}", "Accept", "*") == (
            status, headers["location"], headers["vary"], headers["access-control-allow-origin"],
        )  # fmt: skip


def test_the_w3id_rules_negotiate(tmp_path: Path) -> None:
    """The real Apache, where it is installed, answers 303 to what is asked for, to any origin."""
    modules = Path("/usr/lib/apache2/modules")
    if shutil.which("apache2") is None or not modules.is_dir():
        pytest.skip("apache2 is not installed")
    here = tmp_path / "w3id" / "openproposals" / "vivre-ensemble"
    here.mkdir(parents=True)
    shutil.copy(DIST / "hosting" / "w3id.htaccess", here / ".htaccess")
    for folder in (*tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loaded = "".join(
        f"LoadModule {name}_module {modules}/mod_{name}.so\n"
        for name in ("mpm_event", "authz_core", "rewrite", "headers", "mime")
    )
    (tmp_path / "apache.conf").write_text(
        f"ServerRoot {tmp_path}\nPidFile {tmp_path}/pid\nListen 127.0.0.1:{port}\nServerName w3id.org\nErrorLog {tmp_path}/log\n{loaded}"
        f"TypesConfig /etc/mime.types\nUser nobody\nGroup nogroup\nDocumentRoot {tmp_path}/w3id\n"
        f"<Directory {tmp_path}/w3id>\nAllowOverride All\nRequire all granted\n</Directory>\n",
        encoding="utf-8",
    )
    server = subprocess.Popen(
        ["apache2", "-f", str(tmp_path / "apache.conf"), "-DFOREGROUND"], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        wanted = {
            "text/turtle": "vivre-ensemble.ttl",
            "application/ld+json": "vivre-ensemble.jsonld",
            "text/html": "index.html",
            "*/*": "index.html",
        }
        for accept, name in wanted.items():
            status, headers, _ = ask(port, "w3id.org", "/openproposals/vivre-ensemble/statistic/S02", accept)
            assert (303, f"https://openproposals.example.org/vivre-ensemble/{name}") == (status, headers["location"])
            assert ("*", "Accept") == (headers["access-control-allow-origin"], headers["vary"])
    finally:
        server.terminate()
        server.wait(10)


def test_the_pages_workflow_is_yaml() -> None:
    """The GitHub Pages workflow publishes the release's folder, hidden files too, after checking its sums."""
    found = yaml.safe_load((DIST / "hosting" / "github-pages.yml").read_text(encoding="utf-8"))
    steps = found["jobs"]["publish"]["steps"]
    upload = next(s for s in steps if "upload-pages-artifact" in s.get("uses", ""))
    assert {"path": "dist/vivre-ensemble", "include-hidden-files": True} == upload["with"]
    assert any("sha256sum --check" in s.get("run", "") for s in steps)
    assert {"contents": "read", "pages": "write", "id-token": "write"} == found["permissions"]


def test_every_key_of_the_descriptor_is_known() -> None:
    """The new keys pass the descriptor's rules, and a wrong one does not."""
    text = (MINIMAL / "corpus.toml").read_text(encoding="utf-8")
    more = 'keep_releases = true\nfrequency = "ANNUAL"\n' + text + (
        '\n[coverage]\nspatial = ["https://sws.geonames.org/2921044/"]\nbox = [5.8, 47.2, 15.1, 55.1]\n'
        '[history."0.1.0"]\nreleased = 2026-01-31\nnotes = { fr = "Première.", en = "First." }\n'
        '[withdrawn."statistic/S9"]\nsince = "0.1.0"\nreplacement = "statistic/S1"\nreason = { fr = "Doublon.", en = "Twice." }\n'
    )  # fmt: skip
    read, found = descriptor.parse(more)
    assert found == []
    assert read is not None
    box = describe.describe(read, {}).value(rdflib.URIRef("https://sws.geonames.org/2921044/"), DCAT.bbox)
    assert "POLYGON((5.8 47.2,15.1 47.2,15.1 55.1,5.8 55.1,5.8 47.2))" == str(box)
    assert ["descriptor-value"] == [f.code for f in descriptor.parse(more.replace("ANNUAL", "OFTEN"))[1]]


def test_companions_are_written_once(tmp_path: Path) -> None:
    """What describes the data is no data: the catalogue lists neither itself nor its companions."""
    listed = {str(o).rpartition("#")[2] for o in catalogue("ttl").objects(None, DCAT.distribution)}
    assert not [n for n in listed if n.endswith(("json", "void.ttl", "html", "rdf")) or "catalog" in n.split("#")[0]]
    assert companions.Subject.__doc__
    assert stages.publish.__doc__
