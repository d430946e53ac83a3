"""A browser on a draft's review page, by keys alone. Run by the browser's own Python; prints JSON: what was wrong.

python review.py CHROMIUM AXE PAGE SAVED: the page, and where the saved workbook is put.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main(chromium: str, axe: str, page_path: str, saved: str) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {"scripts": [], "network": [], "accessible": [], "keys": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, accept_downloads=True, bypass_csp=False)
        page.on("console", lambda said: wrong["scripts"].append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong["scripts"].append(str(error)))
        page.on(
            "request",
            lambda asked: wrong["network"].append(asked.url) if not asked.url.startswith(("file:", "blob:")) else None,
        )
        page.goto(Path(page_path).as_uri())

        def press(*keys: str) -> None:
            for key in keys:
                page.keyboard.press(key)

        def expect(what: str, found: object, wanted: object) -> None:
            if found != wanted:
                wrong["keys"].append(f"{what}: {found!r}, not {wanted!r}")

        selected = "#list li[aria-selected=true]"
        expect("one is selected", page.locator(selected).count(), 1)
        press("3")  # figures only
        expect("figures alone", set(page.locator("#list .kind").all_inner_texts()), {"figure"})
        first = page.locator(f"{selected} .said").inner_text()
        press("y", "ArrowUp", "l")
        page.keyboard.type('Empty dwellings, "all"')
        press("Enter", "ArrowDown", "n")  # asks for a reason, once for a kind
        expect("a reason is asked for", page.evaluate("document.activeElement.id"), "why")
        page.keyboard.type("not a figure")
        press("Enter", "n", "0", "Home", "End", "Space", "a")
        page.keyboard.type("La deuxième cause")
        press("Enter")
        # the row is added after the dialog has closed
        page.locator(f"{selected} .said", has_text="La deuxième cause").wait_for()
        expect("the text shows it", page.locator("#text mark.here").first.inner_text()[:2], "La")
        with page.expect_download() as download:
            press("s")
        download.value.save_as(saved)
        expect("the first figure", first, "1 340")
        browser.close()
        # the page's policy lets in no script of another: the checker has a browser of its own that passes it over
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(bypass_csp=True)
        page.goto(Path(page_path).as_uri())
        page.evaluate(Path(axe).read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")
        wrong["accessible"] += [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]
        browser.close()
    return wrong


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
