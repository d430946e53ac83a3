"""Hosting: what a real nginx and a real Apache do with the files that a release brings for them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from openproposals.catalog import hosting
from openproposals.corpus import corpus_folder
from openproposals.corpus import descriptor as descriptors
from support.places import DIST, MINIMAL


def test_hosting_refuses_what_a_server_would_act_on() -> None:
    """An address that could end a directive gives no configuration at all."""
    read, _ = corpus_folder.read(MINIMAL)
    assert read is not None
    about = dict(read.descriptor)
    assert hosting.files(about)
    for bad in UNPLAIN:
        assert {} == hosting.files(about | {"site": bad})
        assert {} == hosting.files(about | {"base": bad})


UNPLAIN = [
    "https://x.example/a;b/", "https://x.example/$uri/", "https://x.example/a'b/", "https://user:word@x.example/",
    "https://user@x.example/", "https://x.example:99999/", "https://x.example:0/", "https://x.example:a/",
    "https://x.example/a/../b/", "https://x.example/../", "https://x.example/./", "https://x.example/%2e%2e/",
    "https://x.example/.%2E/a/", "https://x.example/a%2Fb/", "https://x.example/a%5Cb/", "https://x.example/a%00b/",
    "https://x.example/a%0Ab/", "https://x.example/a%zz/", "https://x.example//", "https://x.example/a//b/",
    "https://x.example/a b/", "https://x.example/a\\b/", "https://x.example/a{b}/", 'https://x.example/a"b/',
    "https://x.example/a\nb/", "https://x.example/a?b/", "https://x.example/a#b/", "https://x.example/a", "https://x;y/",
    "https://x..y/", "https://-x.y/", "https://x-.y/", "https://127.1/", "https://x.y./", "https://x.y:/", "https://x.y:08443/",
    "https://x$y/", "https://x.example/(a)/", "ftp://x.example/", "https:///a/", "https://x.example/a\u202eb\u0000/",
]  # fmt: skip


@pytest.mark.parametrize("key", ["site", "base"])
@pytest.mark.parametrize("bad", UNPLAIN)
def test_such_an_address_is_a_finding(key: str, bad: str) -> None:
    """Told where the descriptor is validated, at its key, before any file is made of it."""
    text = (MINIMAL / "corpus.toml").read_text(encoding="utf-8")
    lines = [f"{key} = {json.dumps(bad)}" if line.startswith(f"{key} =") else line for line in text.splitlines()]
    descriptor, found = descriptors.parse("\n".join(lines))
    assert descriptor is None
    assert {finding.location.name for finding in found} == {key}


@pytest.mark.parametrize("key", ["site", "base"])
@pytest.mark.parametrize(
    "odd", ["https://x.example/é/", "https://é.example/", "https://[::1]/", "https://[::1]:8080/a/"]
)
def test_an_address_without_hosting_files_is_told(key: str, odd: str) -> None:
    """As a warning: the release is made without them; in plain ASCII it has them."""
    text = (MINIMAL / "corpus.toml").read_text(encoding="utf-8")
    lines = [f"{key} = {json.dumps(odd)}" if line.startswith(f"{key} =") else line for line in text.splitlines()]
    descriptor, found = descriptors.parse("\n".join(lines))
    assert descriptor is not None
    assert [(finding.location.name, finding.code) for finding in found] == [(key, "address-not-hosted")]
    assert hosting.files(descriptor) == {}
    assert hosting.files(descriptor | {key: "https://xn--9ca.example/%C3%A9/"})


@pytest.mark.parametrize("key", ["licence", "publisher.iri"])
@pytest.mark.parametrize("bad", ["https://user:word@x.example/", "https://x.example:99999/"])
def test_no_address_of_the_descriptor_has_a_password_or_an_impossible_port(key: str, bad: str) -> None:
    """Also where no server is told of it."""
    text = (MINIMAL / "corpus.toml").read_text(encoding="utf-8")
    name = key.rpartition(".")[2]
    lines = [f"{name} = {json.dumps(bad)}" if line.startswith(f"{name} =") else line for line in text.splitlines()]
    _, found = descriptors.parse("\n".join(lines))
    assert [(finding.location.name, finding.code) for finding in found] == [(key, "not-a-web-address")]


_PARTS = st.sampled_from(
    [*"/.:@;{}$'()\"\\ %#?*~\n\0é\u202e", "..", "%2e", "%2F", "%00", "a", "b.c", "user:word@", "8080", "//"]
)


@given(site=st.lists(_PARTS, max_size=12).map(lambda parts: f"https://x.example{''.join(parts)}/"))
def test_what_is_written_into_a_configuration_is_plain(site: str) -> None:
    """Any address: either no file is made, or what stands in it has no sign of nginx's or Apache's, and leads nowhere up."""
    read, _ = corpus_folder.read(MINIMAL)
    assert read is not None
    made = hosting.files(dict(read.descriptor) | {"site": site})
    if made:
        assert re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?/([A-Za-z0-9._~:@!*+,=&%-]+/)*", site)
        assert not {".", "..", ""} & set(unquote(site.removeprefix("https://").rstrip("/")).split("/"))
        assert "@" not in urlsplit(site).netloc


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


def open_to_all(folder: Path) -> None:
    """A server's workers are nobody: let them into a test's folder, however deep it lies."""
    for path in (folder, *folder.parents):
        if path == Path(tempfile.gettempdir()):
            break
        path.chmod(0o755)


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
    open_to_all(tmp_path)
    (tmp_path / "site.conf").write_text(conf, encoding="utf-8")
    temporary = "".join(f"{n}_temp_path {tmp_path}/{n}; " for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root; " if os.getuid() == 0 else ""
    main = f"{user}pid {tmp_path}/pid; error_log {tmp_path}/log; daemon off; events {{}} http {{ access_log off; {temporary} include {tmp_path}/site.conf; }}"
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
    _leads(nginx, f"https://{site}{here}", wanted)


def _leads(nginx: int, there: str, wanted: dict[str, str]) -> None:
    """An item's IRI leads to the file that each Accept header asks for."""
    for accept, name in wanted.items():
        status, headers, _ = ask(nginx, "w3id.org", "/openproposals/vivre-ensemble/statistic/S02", accept)
        assert (303, f"{there}{name}", "Accept", "*") == (
            status, headers["location"], headers["vary"], headers["access-control-allow-origin"],
        )  # fmt: skip


def test_nginx_serves_the_pages_beside_the_release(nginx: int, tmp_path: Path) -> None:
    """Each kind of file that a site has under the type a browser takes it by; an item's IRI leads to its own page."""
    site, here = "openproposals.example.org", "/vivre-ensemble/"
    kinds = {
        "assets/site.css": "text/css; charset=utf-8", "assets/site.js": "text/javascript; charset=utf-8",
        "assets/icon.svg": "image/svg+xml; charset=utf-8", "engine/web_bg.wasm": "application/wasm",
        "engine/NOTICE.txt": "text/plain; charset=utf-8", "statistic/S02.html": "text/html; charset=utf-8",
        "datapackage.json": "application/json; charset=utf-8",
    }  # fmt: skip
    for name, kind in kinds.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        status, headers, _ = ask(nginx, site, here + name)
        assert (200, kind) == (status, headers["content-type"]), name
    wanted = {
        "text/turtle": "statistic/S02.ttl",
        "application/ld+json": "statistic/S02.jsonld",
        "text/html,*/*;q=0.8": "statistic/S02.html",
        "*/*": "statistic/S02.html",
    }
    _leads(nginx, f"https://{site}{here}", wanted)
    _, headers, _ = ask(nginx, "w3id.org", "/openproposals/vivre-ensemble/", "text/turtle")
    assert headers["location"] == f"https://{site}{here}vivre-ensemble.ttl"
    question = "queries/02-figures-without-a-source"
    for path in ("figure/S02-1", "term/ns", "term/code/citation/cited", "term/publisher", f"term/{question}", "404"):
        (tmp_path / "site" / f"{path}.html").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / f"{path}.html").touch()
    items = {"vivre-ensemble/statistic/S02": "statistic/S02", "vivre-ensemble/figure/S02-1": "figure/S02-1",
             "ns": "term/ns", "code/citation/cited": "term/code/citation/cited", "publisher": "term/publisher",
             question: f"term/{question}"}  # fmt: skip
    for accept, ending in ACCEPTED.items():
        for iri, path in items.items():
            status, headers, _ = ask(nginx, "w3id.org", f"/openproposals/{iri}", accept)
            assert (status, headers.get("location")) == (303, f"https://{site}{here}{path}{ending}"), accept
        for iri in ("vivre-ensemble/statistic/S99", "vivre-ensemble/figure/x", "code/nothing", "queries/nothing"):
            assert ask(nginx, "w3id.org", f"/openproposals/{iri}", accept)[0] == 404
    (tmp_path / "site" / "404.html").write_text("nothing here", encoding="utf-8")
    assert ask(nginx, site, f"{here}statistic/S99.html")[::2] == (404, b"nothing here")


ACCEPTED = {
    "": ".html", "*/*": ".html", "text/html": ".html", "application/xhtml+xml": ".html", "text/*;q=0.3": ".html",
    "text/turtle": ".ttl", "TEXT/TURTLE": ".ttl", "text/turtle;charset=utf-8": ".ttl", "application/ld+json": ".jsonld",
    "application/json": ".jsonld", "application/n-triples": ".nt", "application/rdf+xml": ".rdf", "image/png": ".html",
    "text/turtle;q=0.9, text/html;q=0.5": ".ttl", "text/html;q=0.5,text/turtle": ".ttl", "text/html, text/turtle": ".html",
    "text/turtle ; q=0.2, application/rdf+xml;q=0.85": ".rdf", "text/html;q=0, text/turtle;q=0.1": ".ttl",
    "application/n-triples;q=1.0, text/turtle;q=0.999": ".nt", "*/*;q=0.1, application/ld+json;q=0.7": ".jsonld",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted", */*;q=0.1': ".jsonld",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": ".html",
}  # fmt: skip


@contextlib.contextmanager
def apache(tmp_path: Path, *configuration: str, modules: tuple[str, ...] = ()) -> Iterator[int]:
    """The real Apache, where it is installed, on a free port that stands for `{port}` in what it is told."""
    folder = Path("/usr/lib/apache2/modules")
    if shutil.which("apache2") is None or not folder.is_dir():
        pytest.skip("apache2 is not installed")
    open_to_all(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("mpm_event", "authz_core", "rewrite", "headers", "mime", *modules)
    loaded = "".join(f"LoadModule {name}_module {folder}/mod_{name}.so\n" for name in names)
    (tmp_path / "apache.conf").write_text(
        f"ServerRoot {tmp_path}\nPidFile {tmp_path}/pid\nListen 127.0.0.1:{port}\nServerName w3id.org\n"
        f"ErrorLog {tmp_path}/log\n{loaded}TypesConfig /etc/mime.types\nUser nobody\nGroup nogroup\n"
        + "".join(configuration).replace("{port}", str(port)),
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
        yield port
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.parametrize("pages", [False, True])
def test_the_w3id_rules_negotiate(tmp_path: Path, pages: bool) -> None:
    """303 to what is asked for, by the weights of the Accept header, to any origin.

    With the line for pages taken in, an item's IRI leads to its own page and data. Terms, codes, questions and the
    publisher do by the rules of the folder above. No rule knows which items there are: what there is not leads to an
    address at which the site's own host says 404.
    """
    here = tmp_path / "w3id" / "openproposals" / "vivre-ensemble"
    here.mkdir(parents=True)
    rules = (DIST / "hosting" / "w3id.htaccess").read_text(encoding="utf-8")
    assert rules.count("\n#Rewrite") == 1
    (here / ".htaccess").write_text(rules.replace("\n#Rewrite", "\nRewrite") if pages else rules, encoding="utf-8")
    shutil.copy(DIST / "hosting" / "w3id-terms.htaccess", here.parent / ".htaccess")
    root = f"{tmp_path}/w3id"
    told = f"DocumentRoot {root}\n<Directory {root}>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    site = "https://openproposals.example.org/vivre-ensemble/"
    with apache(tmp_path, told) as port:
        for accept, ending in ACCEPTED.items():
            whole = WHOLE[ending]
            wanted = {f"vivre-ensemble/{i}": f"{i}{ending}" if pages else whole for i in ("statistic/S02", "figure/x")}
            wanted |= {"vivre-ensemble/": whole}
            wanted |= {term: f"term/{term}{ending}" for term in TERMS}
            for iri, place in wanted.items():
                status, headers, _ = ask(port, "w3id.org", f"/openproposals/{iri}", accept)
                assert (303, site + place) == (status, headers["location"]), (iri, accept)
                assert ("*", "Accept") == (headers["access-control-allow-origin"], headers["vary"])
        assert ask(port, "w3id.org", "/openproposals/elsewhere")[0] == 404


TERMS = ("ns", "publisher", "code/citation/cited", "queries/02-figures-without-a-source")
WHOLE = {".html": "index.html", ".jsonld": "vivre-ensemble.jsonld", ".ttl": "vivre-ensemble.ttl",
         ".nt": "vivre-ensemble.ttl", ".rdf": "catalog.rdf"}  # fmt: skip


@pytest.mark.parametrize("pages", [False, True])
def test_apache_serves_the_release_and_its_pages(tmp_path: Path, pages: bool) -> None:
    """Every file under its type, with its charset, to any origin; IRIs by weight; where there are pages, 404 for none."""
    shutil.copytree(DIST, tmp_path / "site")
    items = {"vivre-ensemble/statistic/S02": "statistic/S02", "vivre-ensemble/figure/S02-1": "figure/S02-1"}
    items |= {term: f"term/{term}" for term in TERMS}
    for path in (*items.values(), "404") if pages else ():
        (tmp_path / "site" / f"{path}.html").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / f"{path}.html").write_text("nothing here", encoding="utf-8")
    if pages:
        (tmp_path / "site" / "assets").mkdir()
        (tmp_path / "site" / "assets" / "site.js").touch()
    told = (DIST / "hosting" / "apache.conf").read_text(encoding="utf-8")
    assert told.count("*:80") == 2
    told = told.replace("*:80", "*:{port}").replace("/srv/vivre-ensemble", f"{tmp_path}/site")
    site, here = "openproposals.example.org", "/vivre-ensemble/"
    kinds = {
        "catalog.ttl": "text/turtle; charset=utf-8", "catalog.jsonld": "application/ld+json; charset=utf-8",
        "catalog.rdf": "application/rdf+xml; charset=utf-8", "figures.csv": "text/csv; charset=utf-8",
        "": "text/html; charset=utf-8", "tables/proposals.csv": "text/csv; charset=utf-8",
        "SHA256SUMS": "text/plain; charset=utf-8", ".well-known/void": "text/plain; charset=utf-8",
    }  # fmt: skip
    with apache(tmp_path, told, modules=("alias", "dir")) as port:
        for name, kind in kinds.items():
            status, headers, body = ask(port, site, here + name)
            assert (200, kind) == (status, headers["content-type"]), name
            assert headers["access-control-allow-origin"] == "*"
            assert (DIST / (name or "index.html")).read_bytes() == body
        assert ask(port, site, "/.well-known/void")[1]["location"] == f"https://{site}{here}void.ttl"
        for accept, ending in ACCEPTED.items():
            whole = WHOLE[ending]
            for iri, path in items.items():
                status, headers, _ = ask(port, "w3id.org", f"/openproposals/{iri}", accept)
                there = f"https://{site}{here}{f'{path}{ending}' if pages else whole}"
                assert (303, there, "Accept", "*") == (
                    status, headers["location"], headers["vary"], headers["access-control-allow-origin"],
                ), (iri, accept)  # fmt: skip
            assert ask(port, "w3id.org", f"/openproposals{here}", accept)[1]["location"].endswith(f"/{whole}")
            for iri in ("vivre-ensemble/statistic/S99", "code/nothing", "queries/nothing"):
                assert ask(port, "w3id.org", f"/openproposals/{iri}", accept)[0] == (404 if pages else 303)
        status, _, body = ask(port, site, f"{here}statistic/S99.html")
        assert (status, body == b"nothing here") == (404, pages)


def test_the_pages_workflow_is_yaml() -> None:
    """The GitHub Pages workflow publishes the release's folder, hidden files too, after checking its sums."""
    found = yaml.safe_load((DIST / "hosting" / "github-pages.yml").read_text(encoding="utf-8"))
    steps = found["jobs"]["publish"]["steps"]
    upload = next(s for s in steps if "upload-pages-artifact" in s.get("uses", ""))
    assert {"path": "dist/vivre-ensemble", "include-hidden-files": True} == upload["with"]
    assert any("sha256sum --check" in s.get("run", "") for s in steps)
    assert {"contents": "read", "pages": "write", "id-token": "write"} == found["permissions"]
