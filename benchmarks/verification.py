"""How fast passages are found again: ten thousand in 10 MB of text, and all those of a PDF of 500 pages.

Run: .venv/bin/python benchmarks/verification.py   (needs 500 MB of memory and no disk)
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import resource
import sys
import textwrap
import time
from collections.abc import Callable
from itertools import accumulate

from openproposals.factcheck import altered, documents, verify
from openproposals.factcheck.boundaries import cuts_word
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.normal import forms, frame

SYLLABLES = (
    "ba bé ce ché co dé di du en es fa fi gé gra hô in ja ju la lé li lo ma mé mi mou na né no œu ou pa pé pla po pré "
    "qua re ré ri rou sa sé si so su ta té ti tion tou tre u va vé vi vo à ê î ment eur age ité"
)
PASSAGES, CHARACTERS = 10_000, 10_000_000


def prose(rng: random.Random, characters: int) -> str:
    """Sentences of a vocabulary of 60,000 words used as unevenly as words are, with figures, quotes and notes."""
    syllables = SYLLABLES.split()
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 5))) for _ in range(60_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    parts, length = [], 0
    while length < characters:
        said = rng.choices(words, cum_weights=weights, k=rng.randint(8, 30))
        if rng.random() < 0.5:
            said[rng.randrange(len(said))] = rng.choice(
                [f"{rng.randint(2, 99)} %", f"{rng.randint(1, 999)} {rng.randint(100, 999)}"]
            )
        if rng.random() < 0.3 and said[-1].isalpha():
            said[-1] += rng.choice("¹²³⁴⁵")
        parts.append(" ".join(said).capitalize() + rng.choice([". ", ".\n\n", " : ", " ! "]))
        length += len(parts[-1])
    return "".join(parts)


def passage(text: str, name: str, start: int, end: int, pinned: str) -> verify.Passage:
    """A passage anchored in a text, with the figure in it if there is one."""
    words = text[start:end]
    figure = re.search(r"(?<!\S)[0-9]+(?: [0-9]{3}| %)", words)
    found = forms(words, ",")
    framed: tuple[altered.Figure, ...] = ()
    if figure:
        round_it = frame(words, *figure.span())
        framed = (altered.Figure(name, figure[0], *altered.framed(found.bare, round_it.before, round_it.after)),)
    return verify.Passage(name, "T", start, end, Sought(found, (), end - start, ","), framed, pinned)


def chosen(rng: random.Random, text: str, count: int) -> list[verify.Passage]:
    """Passages of 40 to 300 characters that begin and end with words and cut no number from its thousands."""
    found: list[verify.Passage] = []
    pinned = hashlib.sha256(text.encode()).hexdigest()
    while len(found) < count:
        start = text.find(" ", rng.randrange(len(text) - 400)) + 1
        end = text.find(" ", start + rng.randint(40, 300))
        if re.search(r"\w", text[start:end]) and not cuts_word(text, start, end):
            found.append(passage(text, f"p{len(found)}", start, end, pinned))
    return found


def changed(rng: random.Random, text: str, wanted: list[verify.Passage], share: float) -> str:
    """The text with one word of some passages changed, and forty thousand characters before it."""
    some = sorted(rng.sample(wanted, int(len(wanted) * share)), key=lambda passage: -passage.start)
    for each in some:  # from the last, so that positions hold
        words = text[each.start : each.end]
        spot = rng.choice(list(re.finditer("[a-zé]{2,}", words)) or [re.search(".", words)])
        assert spot is not None
        text = text[: each.start] + words[: spot.start()] + "zzz" + words[spot.end() :] + text[each.end :]
    return "préface " * 5_000 + text


def extracted(text: str) -> str:
    """What a poor extraction makes of it: notes flattened, lines of 90 characters with words broken."""
    flat = text.translate(str.maketrans("¹²³⁴⁵", "12345"))
    return re.sub(r"(.{90}[a-zé]{2})([a-zé]{3})", r"\1-\n\2", flat)


def measured(name: str, work: Callable[[], list[verify.Graded]]) -> None:
    """Run, and say how long it took and what was found."""
    begun = time.perf_counter()
    graded = work()
    seconds = time.perf_counter() - begun
    counts = {grade: n for grade in verify.GRADES if (n := sum(g.grade == grade for g in graded))}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<44} {seconds:6.1f} s  peak {peak} MB  {counts}", flush=True)


def pdf(text: str) -> bytes:
    """A PDF of a text, fifty lines a page."""
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    sheet = Canvas(made)
    lines = [line for paragraph in text.split("\n") for line in textwrap.wrap(paragraph, 90)]
    for page in range(0, len(lines), 50):
        at = sheet.beginText(40, 800)
        at.textLines([line.translate(str.maketrans("¹²³⁴⁵", "12345")) for line in lines[page : page + 50]])
        sheet.drawText(at)
        sheet.showPage()
    sheet.save()
    return made.getvalue()


def main() -> None:
    """All of it, from one seed."""
    rng = random.Random(20261122)
    text = prose(rng, CHARACTERS)
    wanted = chosen(rng, text, PASSAGES)
    whole = text.encode()
    for name, other in (
        ("in place", whole),
        ("moved", changed(rng, text, wanted, 0).encode()),
        ("moved, one in a hundred changed", changed(rng, text, wanted, 0.01).encode()),
        ("notes flattened, words broken", extracted(text).encode()),
    ):
        measured(name, lambda other=other: verify.grade(wanted, {"T": documents.read("t.txt", other)}))
    some = [p for p in wanted if p.end < 4_300_000]
    sheet = pdf(text[:4_300_000])
    document = documents.read("t.pdf", sheet)
    print(f"{len(document.pages)} pages, {len(some)} passages")
    measured("a PDF", lambda: verify.grade(some, {"T": documents.read("t.pdf", sheet)}))


if __name__ == "__main__":
    sys.exit(main())
