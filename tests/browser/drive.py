"""A browser on the site: each check says what it found wrong. Run by the browser's own Python; prints JSON.

python drive.py CHROMIUM AXE SITE HOSTILE TOWN SERVED [CHECK...]: three folders of pages, the second made of a hostile release,
the third of a made-up town's, whose booklet stands beside the first as booklet.pdf and booklet.txt;
and the address at which `openproposals serve` has the first.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
KINDS = ["proposal/P01", "statistic/S13", "source/opinionway-2025", "theme/B-1.1", "document/B", "agent/groupe-sos",
         "term/ns/restsOn"]  # fmt: skip
LISTS = [
    "index",
    "untraceable",
    "proposals",
    "figures",
    "sources",
    "publishers",
    "check",
    "query",
    "use",
    "vocabulary",
    "tables",
    "search",
]
THINGS = [
    "proposal/P01", "proposal/P09", "statistic/S04", "statistic/S13", "source/opinionway-2025", "theme/B-1", "theme/B-1.1",
    "document/B", "agent/groupe-sos", "term/ns/restsOn", "term/code/citation",
]  # fmt: skip
CHECKS: dict[str, Callable[[Visit], list[str]]] = {}


class Handler(http.server.SimpleHTTPRequestHandler):
    """A plain server of a folder, as any host is."""

    extensions_map = {  # noqa: RUF012 - as the base class has it
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def copyfile(self, source: object, outputfile: object) -> None:
        """Send a file, unless the page that wanted it was left meanwhile."""
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)  # type: ignore[arg-type]


class Visit:
    """The browser, and where the sites are."""

    def __init__(self, browser: Browser, sites: tuple[str, str, str, str], folder: Path, axe: str) -> None:
        self.browser, self.folder, self.axe = browser, folder, axe
        self.site, self.hostile, self.town, self.served = sites
        self.faults: list[str] = []

    @contextlib.contextmanager
    def page(self, path: str = "", *, site: str = "", width: int = 1280, **options: Any) -> Iterator[Page]:
        """A page opened in a browser that has seen nothing; what goes wrong in it is noted."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(8000)
        page = context.new_page()
        page.on(
            "console", lambda m: self.faults.append(f"{path}: {m.text}") if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda e: self.faults.append(f"{path}: {e}"))
        page.on(
            "requestfailed", lambda r: None if left(r.failure) else self.faults.append(f"{path}: {r.url} {r.failure}")
        )
        page.on("dialog", lambda d: (self.faults.append(f"{path}: dialog {d.message}"), d.dismiss()))
        if path:
            page.goto((site or self.site) + path)
        yield page
        context.close()


def check(function: Callable[[Visit], list[str]]) -> Callable[[Visit], list[str]]:
    """Register a check under its name."""
    CHECKS[function.__name__] = function
    return function


def left(failure: str | None) -> bool:
    """Whether a request failed only because its page was left."""
    return failure == "net::ERR_ABORTED"


def until(page: Page, condition: str) -> None:
    """Wait until an expression holds. Playwright's own way evaluates a string in the page, which its policy refuses."""
    for _ in range(160):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(condition)


def answered(page: Page) -> None:
    """Wait until an answer is shown."""
    page.wait_for_selector("#answer:not([hidden])")


SPELLINGS = [
    "SELECT * { SERVICE <IRI> { ?s ?p ?o } }", "SELECT * { service silent ?x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o .SERVICE SILENT <IRI> {} }", "PREFIX : <IRI> SELECT * { SERVICE : { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { ?s e:a\\#b ?o . SERVICE <IRI> {} }", "PREFIX e: <IRI> SELECT * { SERVICEe: {} }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <IRI> {} } }", "ASK { SERVICE SILENT <IRI> {} }",
    "SELECT * { VALUES ?x { <IRI> } SERVICE ?x {} }", "SELECT * { # '\n SERVICE # }\n <IRI> {} }",
]  # fmt: skip


@check
def service(visit: Visit) -> list[str]:
    """SERVICE, however it is spelt, is refused in words that are true, and nobody is asked; elsewhere the word is one."""
    problems = []
    with visit.page("en/query.html") as page:
        answered(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        write = "q => document.querySelector('.CodeMirror').CodeMirror.setValue(q)"
        for text in SPELLINGS:
            page.evaluate(write, text.replace("IRI", visit.hostile))
            page.click("#run")
            page.wait_for_selector("#fault:not([hidden])")
            told = page.locator("#fault").inner_text()
            problems += [] if "another server" in told else [f"{text}: {told}"]
            page.evaluate(write, 'SELECT ("SERVICE <http://e/>" AS ?x) {} # SERVICE <http://e/>')
            page.click("#run")
            page.wait_for_selector("#answer:not([hidden])")
        problems += [f"asked: {asked}"] * bool(asked)
    return problems


PROBE = """
addEventListener("message", async ({ data }) => {
  if (!data.probe) return;
  const reached = data.names.filter((name) => globalThis[name]);
  for (const name of ["fetch", "importScripts"]) {
    if (globalThis[name]) try { await globalThis[name](data.probe + "index.html", { mode: "no-cors" }); reached.push(`${name} of ${data.probe}`); } catch { }
  }
  try { await import(data.probe + "assets/site.js"); reached.push(`import of ${data.probe}`); } catch { }
  postMessage({ stage: "probed", reached });
});
"""
DOORS = [
    "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "importScripts", "Worker",
    "SharedWorker", "navigator", "caches", "indexedDB", "Request", "RTCPeerConnection", "BroadcastChannel", "FontFace",
]  # fmt: skip
KEEP = (
    "window.hired = []; window.Worker = class extends Worker { constructor(...a) { super(...a); hired.push(this); } };"
)
ASK = """([worker, probe, names]) => new Promise((done) => {
  hired[worker].addEventListener("message", ({ data }) => { if (data.stage === "probed") done(data.reached); });
  hired[worker].postMessage({ probe, names });
  setTimeout(() => done(["the worker says nothing"]), 5000);
})"""


@check
def sealed(visit: Visit) -> list[str]:
    """Once it is loaded, the engine's worker has no way to the network; to another server, it never had one."""
    with visit.page() as page:
        script = (visit.folder / "assets" / "query-worker.js").read_text(encoding="utf-8")
        page.route(
            "**/query-worker.js", lambda route: route.fulfill(body=script + PROBE, content_type="text/javascript")
        )
        page.add_init_script(KEEP)
        page.goto(visit.site + "en/query.html")
        answered(page)
        asked: list[str] = []
        page.on("response", lambda response: asked.append(response.url))
        reached = page.evaluate(ASK, [0, visit.hostile, DOORS])
        # A worker that is made as the page makes its own, and shuts nothing: the page's policy alone holds it.
        page.evaluate(
            "s => { new Worker(URL.createObjectURL(new Blob([s], { type: 'text/javascript' })), { type: 'module' }); }",
            PROBE,
        )
        reached += page.evaluate(ASK, [1, visit.hostile, []])
        open_here = page.evaluate(ASK, [1, visit.site, []])
        asked = [url for url in asked if url.startswith(visit.hostile)]
    visit.faults[:] = [fault for fault in visit.faults if visit.hostile not in fault and "csp" not in fault]  # as meant
    return reached + asked + ([] if open_here else ["the probe reaches nothing even where it may"])


FOUND = {
    "crèches": "Enfants accueillis en crèche associative",
    "CRECHE": "Enfants accueillis en crèche associative",
    "330000": "Personnes sans domicile en France",
    "330 000": "Personnes sans domicile en France",
    "15%": "Population en précarité alimentaire en France",
    "15 %": "Population en précarité alimentaire en France",
    "Abbé Pierre 2023": "Rapport sur le mal-logement, 2023",
    "AME": "Une couverture santé universelle et immédiate pour les exilés",
}


@check
def search(visit: Visit) -> list[str]:
    """As you type, without accents, by keyboard alone; and a plain word when nothing is found."""
    problems = []
    with visit.page("en/index.html") as page:
        page.keyboard.press("Tab")
        page.locator("#search").press_sequentially("desert")
        page.wait_for_selector("#found [role=option]")
        first = page.locator("#found [role=option]").first.inner_text()
        problems += [] if "desert" in first.lower() else [f"first found is {first}"]
        page.keyboard.press("ArrowDown")
        second = page.locator("#found [aria-selected=true]")
        title = second.evaluate("e => e.firstChild.textContent")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        problems += [] if page.locator("h1").inner_text() == title else [f"Enter leads to {page.url}, not {title}"]
    for words, expected in FOUND.items():
        with visit.page("index.html") as page:
            page.locator("#search").fill(words)
            page.wait_for_selector("#found [data-path]")
            first = page.locator("#found [data-path] span").all_inner_texts()
            problems += [] if expected in first else [f"{words} finds {first}"]
    with visit.page("index.html") as page:
        page.locator("#search").fill("proposition")
        page.wait_for_selector("#found [data-path]")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_selector("#results h2")
        said = page.locator("#results-status").inner_text()
        shown = page.locator("#results a").count()
        problems += [] if said.startswith(str(shown)) and shown >= 47 else [f"{said}, {shown} are shown"]
        link = page.locator("#results a").first.bounding_box()
        heading = page.locator("#results h2").first.bounding_box()
        problems += [] if link and heading and 0 < link["y"] - heading["y"] < 200 else ["results stand elsewhere"]
    with visit.page("index.html") as page:
        page.locator("#search").press_sequentially("desert medicaux")
        page.wait_for_selector("#found [data-path]")
        page.locator("#search").fill("zzzz")
        page.wait_for_selector("#found [aria-disabled]")
        said = page.locator("#found").inner_text()
        problems += [] if "Rien de trouvé" in said else [said]
        page.keyboard.press("Escape")
        problems += ["Escape leaves the list open"] if page.locator("#found").is_visible() else []
    return problems


@check
def language(visit: Visit) -> list[str]:
    """The other language is one click away, on the same page, and back."""
    with visit.page("statistic/S04.html") as page:
        page.click("a.language")
        there = (page.url.endswith("/en/statistic/S04.html"), page.locator("html").get_attribute("lang"))
        page.click("a.language")
        back = (
            page.url.endswith("/statistic/S04.html") and "/en/" not in page.url,
            page.locator("html").get_attribute("lang"),
        )
    return [] if (there, back) == ((True, "en"), (True, "fr")) else [f"{there} {back}"]


@check
def stranger(visit: Visit) -> list[str]:
    """From the first page to the figures without a printed source in one click, then to why, then to who rests on them."""
    problems = []
    with visit.page("en/index.html") as page:
        page.click(".alarm a")
        listed = page.locator("section.society .lost > li")
        problems += [] if listed.count() == 7 else [f"{listed.count()} figures are listed"]
        page.click("text=Older people who feel isolated")
        problems += [] if page.locator(".step.missing").inner_text().count("breaks here") else ["no break is shown"]
        page.click(".trail .step:first-child a")
        problems += [] if page.url.endswith("/en/proposal/P09.html") else [page.url]
    return problems


@check
def trail(visit: Visit) -> list[str]:
    """A proposal, its statistic, its source and back, by clicks."""
    with visit.page("proposal/P01.html") as page:
        page.click(".rests h3 a")
        page.click(".trail .step:last-child a")
        source = page.url
        page.click(".lines .head a")
    return [] if source.endswith("/source/fondation-abbe-pierre-2023.html") and page.url else [source]


@check
def first_page_is_light(visit: Visit) -> list[str]:
    """All bytes that the first page takes from the server."""
    sizes = {}
    with visit.page() as page:
        page.on("response", lambda r: sizes.update({r.url: len(r.body())}))
        page.goto(visit.site + "index.html")
        page.wait_for_load_state("networkidle")
    total = sum(sizes.values())
    return [] if 10_000 < total < 200_000 else [f"{total} bytes: {sizes}"]


@check
def clean(visit: Visit) -> list[str]:
    """No console message, failed request or overflow, on any kind of page, on a phone and on a wide screen."""
    problems = []
    for width, paths in ((390, [*LISTS, *THINGS]), (1920, ["index", "query", "statistic/S02"])):
        with visit.page(width=width) as page:
            for path in paths:
                page.goto(f"{visit.site}en/{path}.html")
                over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                problems += [f"{path} is {over} px too wide at {width}"] if over > 0 else []
    return problems


@check
def accessible(visit: Visit) -> list[str]:
    """axe-core finds nothing, on every kind of page: French and light on a screen, English and dark on a phone."""
    problems = []
    again = ["index", "untraceable", "proposals", "query", "use", "statistic/S04", "statistic/S13"]
    for width, scheme, prefix, paths in ((1280, "light", "", [*LISTS, *KINDS]), (390, "dark", "en/", again)):
        with visit.page(width=width, color_scheme=scheme, bypass_csp=True) as page:
            for path in paths:
                page.goto(f"{visit.site}{prefix}{path}.html")
                if path == "query":
                    answered(page)
                page.evaluate(visit.axe)
                found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
                problems += [f"{prefix}{path} {scheme}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found]
    return problems


@check
def keyboard(visit: Visit) -> list[str]:
    """The first Tab is the skip link; every stop is seen; the editor lets go; nothing catches the focus."""
    problems = []
    with visit.page("en/statistic/S04.html") as page:
        page.keyboard.press("Tab")
        problems += [] if page.evaluate("document.activeElement.className") == "skip" else ["no skip link first"]
        page.keyboard.press("Enter")
        problems += [] if page.evaluate("document.activeElement.id") == "content" else ["the skip link skips nothing"]
    with visit.page("en/index.html") as page:
        stops = []
        for _ in range(40):
            page.keyboard.press("Tab")
            stops.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
            shown = page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle != 'none' || document.activeElement.matches('input')"
            )
            problems += [] if shown else [f"focus is not seen on {stops[-1]}"]
        problems += [] if len(set(stops)) > 30 else [f"the focus is caught: {stops[-1]}"]
    with visit.page("en/query.html") as page:
        answered(page)
        page.locator(".CodeMirror textarea").focus()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        now = page.evaluate("document.activeElement.id")
        problems += [] if now == "run" else [f"Escape, Tab leads to {now!r}, not to Run"]
    return problems


@check
def no_script(visit: Visit) -> list[str]:
    """Without JavaScript pages are read, followed, and the query page says what to do."""
    problems = []
    with visit.page("en/index.html", java_script_enabled=False) as page:
        page.click(".alarm a")
        page.click(".lost a >> nth=0")
        problems += [] if "S06" in page.url or "S08" in page.url else [page.url]
        problems += ["the search box is shown"] if page.locator("#search").is_visible() else []
        page.goto(visit.site + "en/query.html")
        problems += (
            [] if page.locator("noscript").count() and "needs JavaScript" in page.content() else ["query says nothing"]
        )
    return problems


@check
def from_a_file(visit: Visit) -> list[str]:
    """Opened from a folder, without a server: pages, search and links; the query page says how to be served."""
    problems = []
    with visit.page(site=visit.folder.as_uri() + "/", path="en/index.html") as page:
        page.locator("#search").press_sequentially("housing")
        page.wait_for_selector("#found [data-path]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/**/*.html")
        problems += [] if page.locator("h1").inner_text() else ["no page"]
        page.goto(visit.folder.as_uri() + "/en/query.html")
        problems += [] if page.locator("#opened-from-file").is_visible() else ["the query page says nothing"]
    return problems


@check
def query_first_answer(visit: Visit) -> list[str]:
    """The first example is answered when the page is opened. How long that took is printed: it depends on the machine."""
    begun = time.monotonic()
    with visit.page("en/query.html") as page:
        answered(page)
        seconds = time.monotonic() - begun
        rows = page.locator("#shown tbody tr").count()
        said = page.locator("#state").inner_text()
    print(f"first answer after {seconds:.2f} s", file=sys.stderr)
    return [] if rows == 12 and said.startswith("12 rows") else [f"{rows} {said}"]


MOVED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 100);
})"""


@check
def query_keeps_still(visit: Visit) -> list[str]:
    """Nothing moves when the editor and the first answer come, on a phone and on a wide screen."""
    problems = []
    for width in (320, 390, 1280):
        with visit.page("query.html", width=width) as page:
            answered(page)
            moved = page.evaluate(MOVED)
            problems += [f"{moved:.2f} of the page moves at {width}"] if moved > 0.01 else []
    return problems


@check
def query_examples_are_not_corrected(visit: Visit) -> list[str]:
    """An example asks also for what a release lacks: no hint says so."""
    with visit.page("query.html", site=visit.town) as page:
        answered(page)
        page.wait_for_timeout(200)
        return [page.locator("#hint").inner_text()] if page.locator("#hint").is_visible() else []


@check
def query_typed(visit: Visit) -> list[str]:
    """A query typed and run by keyboard; its answer as table, CSV and JSON; saved; shared as a link."""
    problems = []
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/openproposals/ns#Proposal> "
    with visit.page("en/query.html", accept_downloads=True) as page:
        answered(page)
        page.locator(".CodeMirror textarea").focus()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text + "}")
        page.keyboard.press("Control+Enter")
        until(page, "document.querySelector('#shown td')?.textContent === '47'")
        page.check("input[value=csv]")
        problems += [] if page.locator("#shown pre").inner_text().split() == ["n", "47"] else ["CSV differs"]
        page.check("input[value=json]")
        problems += (
            [] if json.loads(page.locator("#shown pre").inner_text())["results"]["bindings"] else ["JSON differs"]
        )
        with page.expect_download() as saved:
            page.click("button[data-form=csv]")
        problems += [] if Path(saved.value.path()).read_bytes() == b"n\r\n47\r\n" else ["the saved CSV differs"]
        page.click("#share")
        link = page.url
    with visit.page(link.removeprefix(visit.site)) as page:
        until(page, "document.querySelector('#shown td')?.textContent === '47'")
    return problems + ([] if "#query=" in link else [link])


@check
def query_wrong(visit: Visit) -> list[str]:
    """A wrong query is told where; the next one runs; triples and yes or no are shown; a long one can be stopped."""
    problems = []
    with visit.page("query.html") as page:
        answered(page)

        def run(text: str) -> None:
            page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
            page.click("#run")

        run("SELECT ?s WHERE {\n ?s ?p \n}")
        page.wait_for_selector("#fault:not([hidden])")
        said = page.locator("#fault").inner_text()
        problems += [] if "pas du SPARQL valide" in said and "ligne 3" in said else [said]
        run("ASK { ?s ?p ?o }")
        until(page, "document.querySelector('#state').textContent === 'Oui'")
        run("CONSTRUCT { ?s a <http://e/x> } WHERE { ?s a <https://w3id.org/openproposals/ns#Source> }")
        until(page, "document.querySelector('#shown pre')?.textContent.includes('http://e/x')")
        run("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?a) > STR(?i)) }")
        until(page, "!document.querySelector('#stop').disabled")
        page.click("#stop")
        until(page, "document.querySelector('#state').textContent.startsWith('Prêt')")
        page.click(".examples li:nth-child(2) button")
        until(page, "document.querySelectorAll('#shown tbody tr').length === 7")
        page.click("#shown tbody a >> nth=0")
        page.wait_for_load_state()
        problems += [] if page.url.endswith("/statistic/S04.html") else [page.url]
    return problems


@check
def checked(visit: Visit) -> list[str]:
    """A PDF and a text of the reader's own are read in the page, graded, and sent nowhere."""
    problems = []
    for name, expected in (("booklet.pdf", 22), ("booklet.txt", 22)):
        with visit.page("check.html", site=visit.town) as page:
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(f"{request.method} {request.url}"))
            page.set_input_files("#document", visit.folder.parent / name)
            page.wait_for_selector("#checked:not([hidden])", timeout=120_000)
            told = page.locator("#checked-name").inner_text()
            problems += [] if told.startswith(f"{expected} passages sur 22") else [f"{name}: {told}"]
            problems += [] if page.locator("#passages .line").count() == 22 else [f"{name}: lines are missing"]
            problems += [f"{name}: {each}" for each in asked if not each.startswith(("GET " + visit.town, "GET blob:"))]
    with visit.page("check.html", site=visit.town) as page:
        text = (visit.folder.parent / "booklet.txt").read_text(encoding="utf-8").replace("420", "430")
        given = {"name": "other.txt", "mimeType": "text/plain", "buffer": text.encode()}
        page.set_input_files("#document", [given])
        page.wait_for_selector("#checked:not([hidden])", timeout=120_000)
        told = page.locator("#checked-name").inner_text(), page.locator("#passages .line").first.inner_text()
        problems += [] if told[0].startswith("21 passages sur 22 ") and "430" in told[1] else [*told]
    return problems


GRADE = """async ([root, engine, name, passages]) => {
  const { grade } = await import(`${root}assets/verifying.js`);
  const bytes = new Uint8Array(await (await fetch(`${root}held/${name}`)).arrayBuffer());
  const graded = (text) => grade(passages, text).map((g) => [g.id, g.grade, g.forms, g.figure ?? "", g.found ?? "", g.page ?? null]);
  if (name.endsWith(".docx")) return graded(await (await import(`${root}assets/office.js`)).ofDocx(bytes));
  if (name.endsWith(".html")) return graded((await import(`${root}assets/markup.js`)).ofHtml(new TextDecoder(name.startsWith("latin") ? "latin1" : "utf-8").decode(bytes)));
  if (name.endsWith(".txt")) return graded(new TextDecoder().decode(bytes));
  await import(`${engine}pdf.worker.js`);
  return graded(await (await import(`${root}assets/documents.js`)).ofPdf(await import(`${engine}pdf.js`), bytes, () => {}));
}"""


@check
def alike(visit: Visit) -> list[str]:
    """PDF, DOCX, HTML and text: of each passage the page says what the command says."""
    problems = []
    with visit.page("check.html", site=visit.town) as page:
        for case in json.loads((visit.folder.parent / "town" / "held" / "cases.json").read_text(encoding="utf-8")):
            told = page.evaluate(GRADE, [visit.town, visit.town + "engine/", case["name"], case["passages"]])
            pairs = zip(told, case["expected"], strict=True)
            problems += [f"{case['name']}: {told_} is {expected}" for told_, expected in pairs if told_ != expected]
    visit.faults[:] = [fault for fault in visit.faults if "inline style" not in fault]  # of a document: not applied
    return problems


SAYS = {
    "empty.pdf": "est vide", "locked.pdf": "mot de passe", "damaged.pdf": "abîmé", "picture.txt": "n'est pas lu ici",
    "picture.docx": "n'a pas pu être lu", "old.doc": "avant 2007", "archive.zip": "n'est pas lu ici",
    "blank.html": "Aucun texte", "script.txt": "Aucun des passages", "line.txt": "Aucun des passages",
    "marks.txt": "Aucun des passages",
}  # fmt: skip


@check
def refused(visit: Visit) -> list[str]:
    """What cannot be read, or holds nothing, is answered with a plain sentence; nothing of it runs."""
    problems = []
    given = {path.name: path.read_bytes() for path in (visit.folder.parent / "town" / "refused").iterdir()}
    given["script.txt"] = b"<script>alert(1)</script><img src=x onerror=alert(2)> 330 000"
    given["line.txt"] = b"logement 330 000 vides, " * 42_000
    given["marks.txt"] = "e\u0301\u0327".encode() * 200_000
    with visit.page("check.html", site=visit.town) as page:
        for name, data in given.items():
            file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
            page.evaluate("document.getElementById('state').textContent = ''")
            page.set_input_files("#document", [file])
            until(page, "/[.!]$/.test(document.getElementById('state').textContent)")
            told = page.locator("#state").inner_text().replace("’", "'")
            problems += [] if SAYS[name] in told else [f"{name}: {told}"]
        problems += ["a script is on the page"] * page.locator("#checked :is(script, img)").count()
    payload = '<img src=x onerror="hacked()"><script>hacked()</script>'
    data = json.loads((visit.folder.parent / "town" / "assets" / "passages.json").read_text(encoding="utf-8"))
    for passage in data["texts"][0]["passages"]:
        passage["place"] = dict.fromkeys(("fr", "en"), payload)
        passage["about"] = [{"path": f"{payload}/../x", "label": {"fr": payload}}]
    with visit.page() as page:
        page.expose_function("hacked", lambda: problems.append("the payload ran"))
        page.route("**/passages.json", lambda route: route.fulfill(json=data))
        page.goto(visit.town + "check.html")
        page.set_input_files("#document", visit.folder.parent / "booklet.txt")
        page.wait_for_selector("#checked:not([hidden])", timeout=120_000)
        problems += ["passages are lacking"] if page.locator("#passages .line").count() != 22 else []
        problems += (
            ["the payload is not told as words"] if payload not in page.locator("#passages").inner_text() else []
        )
        problems += ["an element of the payload"] * page.locator("#checked :is(script, img)").count()
    return problems


@check
def lists(visit: Visit) -> list[str]:
    """A list is filtered and sorted by keyboard; the address holds both, and leads back; what is shown is saved."""
    problems = []
    with visit.page("en/figures.html", accept_downloads=True) as page:
        page.locator("select[name=status]").focus()
        page.keyboard.type("Note")
        until(page, "document.querySelectorAll('[data-row]:not([hidden])').length === 4")
        address = page.url
        problems += [] if address.endswith("?status=dangling") else [address]
        with page.expect_download() as saved:
            page.click("button[data-form=csv]")
        rows = Path(saved.value.path()).read_text(encoding="utf-8").splitlines()
        problems += [] if len(rows) == 5 and rows[0].startswith("id,label,document") else rows
    with visit.page(address.removeprefix(visit.site)) as page:
        shown = page.locator("[data-row]:visible").count()
        problems += [] if shown == 4 else [f"{shown} are shown at {address}"]
    with visit.page("sources.html?sort=issued") as page:
        found = page.evaluate(
            "[...document.querySelectorAll('[data-row]')].map((e) => JSON.parse(e.dataset.row).issued)"
        )
        problems += [] if found[0] == "2025-01" and found[-1] == "2018-07-05" else [str(found)]
    return problems


@check
def copied(visit: Visit) -> list[str]:
    """A citation is copied by keyboard alone, and the page says so."""
    problems = []
    with visit.page("en/statistic/S02.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator(".cite button.copy").first.focus()
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.cite [role=status]').textContent === 'Copied.'")
        told = page.evaluate("navigator.clipboard.readText()")
        problems += [] if told == page.locator("#cite-apa").text_content() else [told]
        page.locator(".cite summary").first.focus()
        page.keyboard.press("Enter")
        problems += [] if page.locator("#cite-ris").is_visible() else ["RIS is not shown"]
    return problems


@check
def query_help(visit: Visit) -> list[str]:
    """Prefixes are added or named, an unknown term has its nearest, INSERT is refused in words, DESCRIBE is counted."""
    problems = []
    with visit.page("en/query.html") as page:
        answered(page)

        def told(text: str, place: str, expected: str) -> list[str]:
            page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
            page.click("#run")
            for _ in range(100):
                if expected in (page.locator(place).text_content() or ""):
                    return []
                page.wait_for_timeout(50)
            return [f"{text}: {page.locator(place).text_content()}"]

        problems += told("SELECT * { ?s a op:Proposal }", "#hint", "Prefixes added: op.")
        problems += told("SELECT * { ?s a op:Propsal }", "#hint", "The nearest that is: op:Proposal.")
        problems += told("SELECT * { ?s foo:bar ?o }", "#fault", "The prefix foo is not declared")
        problems += told("INSERT DATA { <a:a> <b:b> <c:c> }", "#fault", "this page only asks")
        problems += told(
            "DESCRIBE <https://w3id.org/openproposals/vivre-ensemble/statistic/S02>", "#state", "triples in"
        )
        described = int((page.locator("#state").text_content() or "0").split()[0])
        problems += [] if described == 15 else [f"DESCRIBE is counted as {described}"]
        problems += told("SELECT ?s (COUNT(*) AS ?n) { ?x op:citationStatus ?s } GROUP BY ?s", "#shown", "cited")
        page.check("input[value=chart]")
        problems += [] if page.locator("#shown svg rect").count() == 4 else ["no chart of four bars"]
        page.check("input[value=table]")
        problems += (
            [] if page.locator("#shown a[href$='term/code/citation/cited.html']").count() else ["a code leads nowhere"]
        )
        page.evaluate(
            "() => { const c = document.querySelector('.CodeMirror').CodeMirror; c.setValue('SELECT * { ?s op:restsOnC'); c.setCursor({ line: 0, ch: 25 }); c.focus(); }"
        )
        page.keyboard.press("Control+Space")
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")
        typed = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
        problems += [] if typed.endswith("op:restsOnContext") else [typed]
    with visit.page("en/query.html", width=390) as page:
        answered(page)
        problems += ["the questions fill a phone"] if page.locator(".examples ol").is_visible() else []
        page.click(".examples summary")
        page.click(".examples li:nth-child(2) button")
        until(page, "document.querySelectorAll('#shown tbody tr').length === 7")
    return problems


@check
def seven_questions(visit: Visit) -> list[str]:
    """A stranger's seven questions, without the command line, from the first page; how long each took is printed."""
    problems = []

    def asked(question: str, begun: float, answer: bool) -> None:
        print(f"{question}: {time.monotonic() - begun:.1f} s", file=sys.stderr)
        problems.extend([] if answer else [question])

    with visit.page("en/index.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        begun = time.monotonic()
        page.click(".alarm a")
        asked("which figures have no source", begun, page.locator("section.society .lost > li").count() == 7)
        begun = time.monotonic()
        page.locator("#search").fill("330 000")
        page.wait_for_selector("#found [data-path]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".statement")
        asked("where does 330 000 come from", begun, "Fondation Abbé Pierre" in page.locator(".statement").inner_text())
        begun = time.monotonic()
        page.locator("#cite button.copy").first.click()
        until(page, "document.querySelector('.cite [role=status]').textContent === 'Copied.'")
        asked("cite it", begun, "330,000" in page.evaluate("navigator.clipboard.readText()"))
        begun = time.monotonic()
        page.locator("[data-copy=cite-link]").click()
        link = "https://w3id.org/openproposals/vivre-ensemble/statistic/S02"
        page.wait_for_timeout(100)
        asked("link to it", begun, page.evaluate("navigator.clipboard.readText()") == link)
        begun = time.monotonic()
        page.locator("#search").fill("crèches")
        page.wait_for_selector("#found [data-path]")
        page.click("#found >> text=Children cared for in nurseries")
        page.wait_for_selector(".verdict")
        asked(
            "what is said of crèches, and is it sourced",
            begun,
            "Citation unclear" in page.locator(".verdict").inner_text(),
        )
        begun = time.monotonic()
        page.click("nav a[href$='sources.html']")
        page.click("main a[href$='publishers.html']")
        asked(
            "who is cited most", begun, page.locator("tbody tr").first.inner_text().startswith("Santé publique France")
        )
    with visit.page("index.html", site=visit.town) as page:
        begun = time.monotonic()
        page.click("nav a[href$='check.html']")
        page.set_input_files("#document", visit.folder.parent / "booklet.pdf")
        page.wait_for_selector("#checked:not([hidden])", timeout=120_000)
        asked("find it in my PDF", begun, page.locator("#passages .printed").count() == 22)
    return problems


def go(page: Page, words: str, most: int = 150) -> None:
    """By keys alone: to the next link or button with these words, and into it."""
    here = "(e => e.matches('a, button') ? [e.textContent, e.href ?? ''] : ['', ''])(document.activeElement)"
    for _ in range(most):
        page.keyboard.press("Tab")
        said, there = page.evaluate(here)
        if words in said:
            leaves = there and there.partition("#")[0] != page.url.partition("#")[0]
            with page.expect_navigation() if leaves else contextlib.nullcontext():
                page.keyboard.press("Enter")
            return
    raise TimeoutError(f"no Tab leads to {words}")


def seek(page: Page, words: str) -> None:
    """By keys alone: from the first page into the search, and to the first page that it finds."""
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search":
            break
    page.keyboard.type(words)
    page.wait_for_selector("#found [data-path]")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@check
def questions_by_keys(visit: Visit) -> list[str]:
    """The same in French, by keys alone, but for the choice of a file, which is the system's."""
    problems = []
    with visit.page("index.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        go(page, "Sans source imprimée")
        problems += [] if page.locator("section.society .lost > li").count() == 7 else ["figures without a source"]
        page.goto(visit.site + "index.html")
        seek(page, "330000")
        said = page.locator(".statement").inner_text()
        problems += [] if "Source imprimée" in said and "Fondation Abbé Pierre" in said else [said]
        go(page, "Citer")
        until(page, "location.hash === '#cite'")
        go(page, "Copier")
        until(page, "document.querySelector('.cite [role=status]').textContent.startsWith('Copi')")
        told = page.evaluate("navigator.clipboard.readText()")
        problems += [] if told == page.locator("#cite-apa").text_content() else [told]
        link = page.locator("#cite-link").inner_text()
        problems += [] if link.endswith("/statistic/S02") else [link]
        page.goto(visit.site + "index.html")
        seek(page, "crèches")
        found = page.locator("h1").inner_text(), page.locator(".status").count()
        problems += [] if "crèche" in found[0].lower() and found[1] else [str(found)]
        page.goto(visit.site + "index.html")
        go(page, "Sources")
        go(page, "Qui est cité")
        first = page.locator("tbody tr").first.inner_text()
        problems += [] if first.startswith("Santé publique France") else [first]
    return problems


@check
def query_served(visit: Visit) -> list[str]:
    """Served, the page downloads nothing first: the server answers, the same is shown, told and stopped."""
    problems = []
    with visit.page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(visit.served + "en/query.html")
        answered(page)

        def run(text: str) -> None:
            page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
            page.click("#run")

        page.click(".examples li:nth-child(2) button")
        until(page, "document.querySelectorAll('#shown tbody tr').length === 7")
        until(page, "document.querySelector('#shown td small')")
        problems += [] if "are sent to it" in page.locator("#lead").inner_text() else ["the lead says another thing"]
        problems += [url for url in asked if url.endswith((".ttl", "query-worker.js", "oxigraph.js", ".wasm"))]
        run("ASK { ?s a <https://w3id.org/openproposals/ns#Nothing> }")
        until(page, "document.querySelector('#state').textContent === 'No'")
        problems += [] if page.locator("#hint").is_visible() else ["nothing said of a term that the data have not"]
        run("CONSTRUCT { ?s a <http://e/x> } WHERE { ?s a <https://w3id.org/openproposals/ns#Source> }")
        until(page, "document.querySelector('#shown pre')?.textContent.includes('http://e/x')")
        run("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?a) > STR(?i)) }")
        until(page, "!document.querySelector('#stop').disabled")
        page.click("#stop")
        until(page, "document.querySelector('#state').textContent.startsWith('Ready')")
        problems += visit.faults  # before what is refused, which a browser notes as a fault
        for text, told in (("SELECT ?s WHERE {\n ?s ?p \n}", "line 3"), ("ASK { SERVICE <http://e/> {} }", "server")):
            run(text)
            page.wait_for_selector("#fault:not([hidden])")
            said = page.locator("#fault").inner_text()
            problems += [] if told in said else [said]
            run("ASK {}")
            until(page, "document.querySelector('#state').textContent === 'Yes'")
    problems += [said for said in visit.faults if "status of 400" not in said]
    visit.faults.clear()
    return problems


@check
def hostile(visit: Visit) -> list[str]:
    """Nothing of a hostile release runs: not on its pages, not in search, not in the answers of its queries."""
    problems: list[str] = []
    with visit.page() as page:
        page.expose_function("hacked", lambda: problems.append(f"{page.url}: the payload ran"))
        for path in [
            "index",
            "untraceable",
            "proposals",
            "figures",
            "sources",
            "publishers",
            "tables",
            "query",
            *KINDS,
        ]:
            page.goto(f"{visit.hostile}en/{path}.html")
            if path == "index":
                page.locator("#search").press_sequentially("hack")
                page.wait_for_selector("#found [data-path]")
            if path == "query":
                answered(page)
                page.evaluate(
                    "t => document.querySelector('.CodeMirror').CodeMirror.setValue(t)",
                    "SELECT * { ?s <http://schema.org/url> ?o ; ?p ?q }",
                )
                page.click("#run")
                until(page, "document.querySelector('#shown td:last-child, #shown td')?.textContent.length > 0")
                page.wait_for_timeout(300)
            problems += [f"{path}: a link runs a script"] if page.locator("a[href^='javascript' i]").count() else []
            problems += (
                [f"{path}: an element of the payload"] if page.locator("img[src=x], svg[onload]").count() else []
            )
        page.goto(f"{visit.hostile}en/search.html?q=hacked%3Cimg%20src=x%20onerror=hacked()%3E")
        page.wait_for_timeout(300)
        problems += ["search: an element of the query"] if page.locator("img[src=x]").count() else []
        page.goto(f"{visit.hostile}en/figures.html?status=%22%3E%3Cimg%20src=x%3E&sort=constructor")
        page.wait_for_timeout(300)
        problems += ["figures: an element of the address"] if page.locator("img[src=x]").count() else []
    return problems


def serve(folder: str) -> str:
    """Serve a folder on a free port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def main() -> None:
    """Run every check, and print what each found."""
    chromium, axe, site, hostile_site, town, served, *wanted = sys.argv[1:]
    results: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        script = Path(axe).read_text(encoding="utf-8")
        visit = Visit(browser, (serve(site), serve(hostile_site), serve(town), served), Path(site).resolve(), script)
        for name in wanted or CHECKS:
            visit.faults.clear()
            begun = time.monotonic()
            try:
                problems = CHECKS[name](visit)
            except Exception as error:  # a check that cannot go on has found something
                problems = [f"{type(error).__name__}: {error}"]
            results[name] = problems + visit.faults
            print(f"{name}: {time.monotonic() - begun:.1f} s", file=sys.stderr)
        browser.close()
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
