"""A browser on sites in several languages and directions. Run by the browser's own Python; prints JSON: what was wrong.

python everywhere.py CHROMIUM AXE SITE...: every kind of page of each, in each of its languages: axe-core finds nothing,
nothing is wider than a phone of 320 pixels, nothing moves once it is shown; and a page is there within a second on a
phone whose network and processor are slow (150 ms, 1.6 Mbit/s, a quarter of this processor).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from drive import FLAGS, LISTS, MOVED, serve
from playwright.sync_api import Browser, Page, Route, sync_playwright

KINDS = ("proposal", "statistic", "source", "theme", "document", "agent", "term", "term/ns", "term/code")
A_KIND = 2  # pages of each kind
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
SOON = 1000  # milliseconds until the largest part of a page is painted
STILL = 0.05  # how much of a page may move: the layout shift of the web vitals
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
  .observe({ type: "largest-contentful-paint", buffered: true }))"""


def names(folder: Path, prefix: str) -> Iterator[str]:
    """A page of each kind that a site has in a language, without its ending."""
    yield from (name for name in (*LISTS, "404") if (folder / prefix / f"{name}.html").exists())
    for kind in KINDS:
        paths = [p for p in sorted((folder / prefix / kind).glob("*.html")) if "refresh" not in p.read_text("utf-8")]
        yield from (f"{kind}/{path.stem}" for path in paths[:A_KIND])


def prefixes(folder: Path) -> list[str]:
    """The folders of a site's languages."""
    return ["", *(f"{path.parent.name}/" for path in folder.glob("*/index.html"))]


def opened(browser: Browser, folder: Path, **options: Any) -> Page:
    """A page in a browser that has seen nothing; what a 404 page loads by whole addresses comes from the folder."""
    page = browser.new_page(bypass_csp=True, **options)

    def answer(route: Route) -> None:
        path = folder / "assets" / route.request.url.rpartition("/assets/")[2]
        route.fulfill(path=path, headers={"access-control-allow-origin": "*"}) if path.is_file() else route.abort()

    page.route("https://**/*", answer)
    return page


def accessible(browser: Browser, axe: str, folder: Path) -> Iterator[str]:
    """What axe-core finds, and what is wider than its screen."""
    address = serve(str(folder))
    for scheme, width in (("light", 1280), ("dark", 320)):
        page = opened(browser, folder, color_scheme=scheme, viewport={"width": width, "height": 900})
        for prefix in prefixes(folder):
            for name in names(folder, prefix):
                page.goto(f"{address}{prefix}{name}.html")
                page.evaluate(axe)
                found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
                yield from (f"{prefix}{name} {scheme}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    yield f"{prefix}{name} is wider than {width} pixels"
        page.close()


def quick(browser: Browser, folder: Path) -> Iterator[str]:
    """What is painted late on a slow phone, by the best of three, and what moves there."""
    address = serve(str(folder))
    for name in ("index", "statistic/S04", "proposal/P01", "proposals", "figures", "untraceable"):
        painted, moved = [], 0.0
        for _ in range(3):
            page = browser.new_page(viewport={"width": 390, "height": 844}, is_mobile=True)
            client = page.context.new_cdp_session(page)
            client.send("Network.enable")
            client.send("Network.emulateNetworkConditions", SLOW)
            client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            page.goto(f"{address}{name}.html")
            page.wait_for_timeout(400)
            painted.append(page.evaluate(PAINTED))
            moved = max(moved, page.evaluate(MOVED))
            page.close()
        if min(painted) > SOON:
            yield f"{name}: the largest part is painted after {min(painted):.0f} ms"
        if moved > STILL:
            yield f"{name}: {moved:.2f} of it moves"


def main(chromium: str, axe: str, *folders: str) -> dict[str, list[str]]:
    """What is wrong, by the name of a test."""
    rules = Path(axe).read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        sites = [Path(folder) for folder in folders]
        wrong = {"accessible": [f"{s.name}: {each}" for s in sites for each in accessible(browser, rules, s)]}
        wrong["quick"] = list(quick(browser, sites[0]))
        browser.close()
    return wrong


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
