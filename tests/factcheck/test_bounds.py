"""Documents that eat the machine: each is read or refused in one sentence, within its bounds; real ones are read."""

from __future__ import annotations

import io
import resource
import zlib

import pytest
from reportlab.pdfgen import canvas

from openproposals.errors import UsageError
from openproposals.factcheck import documents
from openproposals.guards import child

pytestmark = pytest.mark.slow

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X0 6 0 R>>>>>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_KIDS = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is the catalogue's page tree, number 2."""
    out, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", *objects), 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, at = len(offsets) + 1, len(out)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, at)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def stream(data: bytes, *, times: int = 1, more: bytes = b"") -> bytes:
    """A stream, compressed once or several times over."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"/FlateDecode" * times
    return b"<</Filter[%s]/Length %d%s>>stream\n%s\nendstream" % (filters, len(data), more, data)


def form(number: int, last: int) -> bytes:
    """A form that shows the next one ten times; the last says something."""
    said = b"/X%d Do " % (number + 1) * 10 if number < last else b"BT /F 12 Tf (hello) Tj ET"
    fonts = b"/Resources<</Font<</F 5 0 R>>/XObject<</X%d %d 0 R>>>>" % (number + 1, number + 7)
    return stream(said, more=b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]" + fonts)


def shown(operators: bytes, times: int = 1) -> bytes:
    return pdf(_KIDS, _PAGE, stream(operators, times=times), _FONT)


def spent() -> float:
    """Seconds of processor time that children of this process have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


HOSTILE = {
    "nested-forms.pdf": lambda: pdf(_KIDS, _PAGE, stream(b"/X0 Do"), _FONT, *(form(n, 8) for n in range(9))),
    "three-million-words.pdf": lambda: shown(b"BT /F 12 Tf " + b"(a) Tj " * 3_000_000 + b"ET"),
    "twice-compressed.pdf": lambda: shown(b"BT /F 12 Tf " + b"(a) Tj " * 12_000_000 + b"ET", times=2),
    "a-gigabyte-of-spaces.pdf": lambda: shown(b" " * (1 << 30), times=3),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_in_one_sentence(name: str) -> None:
    began = spent()
    with pytest.raises(UsageError) as caught:
        documents.read(name, data := HOSTILE[name]())
    assert len(data) < 100_000
    assert caught.value.what == f"{name} is not read: it takes more memory than is allowed for its size"
    assert caught.value.why
    assert caught.value.mend
    assert spent() - began < 60  # the making included


READ_OR_REFUSED = {
    "loop.pdf": pdf(b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 100000>>"),
    "two-milliards-of-pages.pdf": pdf(
        b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", _PAGE, stream(b"BT /F 12 Tf (hello) Tj ET"), _FONT
    ),
    "deep.html": b"<html><body>" + b"<div>" * 100_000,
    "attributes.html": b"<html><p " + b" ".join(b"a%d=1" % n for n in range(80_000)) + b">hello",
    "wide.html": b"<html><table><tr><td colspan=100000000 rowspan=1000000>hello</table>",
    "far-in.html": b'<html><p style="margin-left:100000000em;padding-left:100000000em">hello</p>',
}
LONG = {"attributes.html"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in READ_OR_REFUSED]
)
def test_read_or_refused(name: str) -> None:
    began = spent()
    try:
        assert documents.read(name, READ_OR_REFUSED[name]).content.strip() == "hello"
    except UsageError as refused:
        said = str(refused)
    else:
        said = ""
    assert said.count("mend:") == said.count("why:") == bool(said)
    assert spent() - began < 30


@pytest.mark.parametrize("reason", ["time", "crash"])
def test_other_bounds(monkeypatch: pytest.MonkeyPatch, reason: child.Reason) -> None:
    def beyond(*_: object) -> bytes:
        raise child.OutOfBounds(reason)

    monkeypatch.setattr(child, "run", beyond)
    with pytest.raises(UsageError, match=r"^a\.html is not read: it "):
        documents.read("a.html", b"<html>")


@pytest.mark.long
def test_a_thousand_real_pages_are_read() -> None:
    made = io.BytesIO()
    sheets = canvas.Canvas(made)
    for number in range(1, 1001):
        for line in range(40):
            sheets.drawString(
                50, 800 - 18 * line, f"page {number}, line {line}: a proposal of some twelve words, all of it plain"
            )
        sheets.showPage()
    sheets.save()
    text = documents.read("real.pdf", made.getvalue())
    assert len(text.pages) == 1000
    assert text.content.count("a proposal of some twelve words") == 40_000


@pytest.mark.parametrize("encoding", ["windows-1252", "shift_jis", "euc-kr", "gb18030", "big5", "koi8-r", "utf-16"])
def test_declared_encodings_are_read_in_a_sealed_child(encoding: str) -> None:
    """No library has to open a table of characters."""
    word = {"shift_jis": "日本語", "euc-kr": "한국어", "gb18030": "中文", "big5": "中文", "koi8-r": "привет"}.get(
        encoding, "été"
    )
    said = f'<html><head><meta charset="{encoding}"></head><body>{word}</body></html>'.encode(encoding)
    assert documents.read("a.html", said).content.strip() == word
