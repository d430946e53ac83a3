"""A second implementation of the normal forms, from docs/normal-forms.md alone: plain, slow, sharing no code with ours."""

from __future__ import annotations

import hashlib
import re
import unicodedata as u

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
LOWERED = "₀₁₂₃₄₅₆₇₈₉"
DIGITS = list("0123456789")
BASES = ["w", "wh", "v", "j", "hz", "b", "bit", "o", "g", "t", "l", "m", "s", "pa", "ev", "cal"]
UNITS = {prefix + base for prefix in ("", *"pnmkgt") for base in BASES} | {"ma", "ka", "na"}
SEPARATORS = " -/.,:'^+×"
SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())


def spans(text: str) -> set[int]:
    """Code points from a list of ranges as the page writes them."""
    found: set[int] = set()
    for part in text.split():
        low, _, high = part.partition("-")
        found |= set(range(int(low, 16), int(high or low, 16) + 1))
    return found


IGNORED = spans(
    "00AD 034F 061C 115F 1160 17B4 17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFF8 "
    "1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
OPTIONAL = spans(
    "0300-036F 0483-0487 0591-05BD 05BF 05C1-05C2 05C4-05C5 05C7 0610-061A 064B-0652 0656-065F 0670 06D6-06DC 06DF-06E4 "
    "06E7-06E8 06EA-06ED 1AB0-1AFF 1DC0-1DFF 20D0-20FF FE20-FE2F"
)
NO_LETTERS = spans("0640 07FA 02B9-02DF 02E5-02FF")
SPELLING = {"\u0306": "иу", "\u0308": "і", "\u0301": "гк"}
SAME = dict(
    zip(
        "ıœæŒÆǽǼǣǢ°٪؉⁄∕÷٬",
        ["i", "oe", "ae", "oe", "ae", "ae", "ae", "ae", "ae", "o", "%", "‰", "/", "/", "/", "'"],
        strict=True,
    )
)
COMPARED = "<≤≥≮≯≰≱≪≫≲≳≈≅≃≠≢≡±∓∝∞√∑∈∉⊂⊄¬↑↓↗↘✗☐"
ORNAMENTS = "=＝>＞~∼～〜▲▼△▽"
CURRENCIES = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛₠-⃀꠸"
SAME |= {c: c for c in COMPARED} | dict.fromkeys("≦⩽", "≤") | dict.fromkeys("≧⩾", "≥") | dict.fromkeys("∼～〜", "~")
SAME |= dict.fromkeys("⇑⬆⇧", "↑") | dict.fromkeys("⇓⬇⇩", "↓") | dict.fromkeys("✘❌☒✕✖", "✗")
SAME |= dict.fromkeys("‘’‚ʼ′`´＇", "'") | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")


def faithful(text: str) -> str:
    text = u.normalize("NFC", text)
    text = "".join(c for c in text if ord(c) not in IGNORED)
    for signs, plain in (("‘’‚ʼ′`´", "'"), ("“”„″", '"'), ("‐‑‒–—―−", "-"), ("•‧∙⋅・·", "·"), ("…", "...")):
        for sign in signs:
            text = text.replace(sign, plain)
    for sign, plain in zip("ﬀﬁﬂﬃﬄﬅﬆ", ["ff", "fi", "fl", "ffi", "ffl", "st", "st"], strict=True):
        text = text.replace(sign, plain)
    product = re.compile(r"(?<=[0-9])\*(?=\s?[0-9])|(?<=[0-9]\s)\*(?=\s?[0-9])")
    text = re.sub(r"(?<=[0-9])\s?\*(?=\s?[0-9])|\*", lambda m: m[0] if product.match(text, m.end() - 1) else "", text)
    text = re.sub(r"«\s*", '"', text)
    text = re.sub(r"\s*»", '"', text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ([:;!?%])", r"\1", text).strip()


def unit_capitals(text: str) -> set[int]:
    """The places of the capitals that stay: in a unit after a digit, nothing like a letter after."""
    found: set[int] = set()
    for at, c in enumerate(text):
        if not re.match("[A-Za-z]", c):
            continue
        start = at
        while start and re.match("[A-Za-z]", text[start - 1]):
            start -= 1
        end = at
        while end < len(text) and re.match("[A-Za-z]", text[end]):
            end += 1
        before, after = text[:start].rstrip(SPACES), text[end : end + 1]
        is_unit = (
            text[start:end].lower() in UNITS
            and re.search(f"[0-9{RAISED}{LOWERED}]$", before)
            and not (_says(after) or "\u0300" <= after <= "\u036f")
        )
        if c.isupper() and is_unit:
            found.add(at)
    return found


def accented(text: str) -> str:
    text = u.normalize("NFC", "".join(c for c in text if ord(c) not in IGNORED))
    text = re.sub("ı([\u0300-\u036f])", r"i\1", text)
    if "ı" in text or "İ" in text:
        text = text.replace("I", "ı")
    out = ""
    for c in without_named(text):
        parts = u.normalize("NFKD", u.normalize("NFKD", c).casefold())
        if (c in SAME and c != "ı") or parts.startswith(" "):
            out += bare(c)
        else:
            out += "".join(
                d if d == "ı" or (ord(d) in OPTIONAL and u.category(d) == "Mn") else "".join(_letters(d)) for d in parts
            )
    return in_order(out.replace("\u0326", "\u0327").replace("ا\u064b", "\u064bا")).replace("i\u0307", "i")


def folded(c: str) -> list[str]:
    """A character's folded characters; "" for junk."""
    if ord(c) in IGNORED:
        return []
    if c in SAME:
        return list(SAME[c])
    if c.isspace():
        return [" "]
    out = []
    for d in u.normalize("NFKD", u.normalize("NFKD", c).casefold()):
        kind = u.category(d)
        if d in SAME and d != c:
            out += list(SAME[d])
        elif kind == "Nd":
            out.append(str(u.decimal(d)))
        elif kind[0] == "L":
            out += [] if ord(d) in NO_LETTERS else [d]
        elif kind == "Mn" and ord(d) in OPTIONAL:
            out += [d] if d in SPELLING else []
        elif (
            kind in ("Mn", "Mc")
            or kind[0] == "N"
            or kind == "Sc"
            or d in "%‰‱"
            or d in SEPARATORS + COMPARED + ORNAMENTS
        ):
            out.append(d)
        elif kind != "Me":
            out.append("")
    return out


def spelled(characters: list[str]) -> list[str]:
    """Without the marks that spell nothing where they stand."""
    before = ["", *characters][: len(characters)]
    return [
        c for b, c in zip(before, characters, strict=True) if not (c in SPELLING and (not b or b not in SPELLING[c]))
    ]


def in_order(form: str) -> str:
    form = re.sub("(\u0e4d)([\u0e48-\u0e4b])", r"\2\1", form)
    return u.normalize("NFD", re.sub("(\u0ecd)([\u0ec8-\u0ecb])", r"\2\1", form))


def without_named(text: str) -> str:
    return re.sub(
        r"\[\^[^\]\s]{1,40}\]|[\[(][a-z][\])](?![^\W\d_])",
        lambda m: m[0] if m[0][0] + m[0][-1] in ("[)", "(]") else " ",
        text,
    )


def _letters(c: str) -> list[str]:
    return [d for d in folded(c) if d and u.category(d)[0] in "LM"]


def bare(text: str) -> str:
    return in_order("".join(spelled([d for c in without_named(text) for d in _letters(c)])))


def number(digits: str, mark: str) -> str:
    """Digits with full stops and commas, as the page reads them."""
    signs = [c for c in digits if c in ".,"]
    last = signs[-1]
    whole, _, rest = digits.rpartition(last)
    other = "." if last == "," else ","

    def grouped(part: str, sign: str) -> bool:
        groups = part.split(sign)
        by_three = 1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])
        as_in_india = (
            1 <= len(groups[0]) <= 2
            and len(groups) > 2
            and all(len(g) == 2 for g in groups[1:-1])
            and len(groups[-1]) == 3
        )
        return len(groups) > 1 and (by_three or as_in_india)

    if other in signs:
        return whole.replace(other, "") + "." + rest if signs.count(last) == 1 and grouped(whole, other) else digits
    if len(signs) > 1:
        return digits.replace(last, "") if grouped(digits, last) else digits
    if len(rest) != 3 or len(whole) > 3 or whole.startswith("0"):
        return whole + "." + rest
    return digits if not mark else whole + "." + rest if last == mark else whole + rest


def kept(text: str, mark: str = "") -> str:
    text = "".join(c for c in text if ord(c) not in IGNORED)
    text = "".join(str(u.decimal(c)) if u.category(c) == "Nd" else c for c in text)
    text = re.sub(f"(?<=[0-9])([{RAISED}{LOWERED}⁺⁻]*[{RAISED}{LOWERED}])", r"^\1", text)
    text = re.sub("(?<=[0-9])(?=[¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅟↉])", " ", text)
    text = re.sub(rf"(?<![0-9])−\s*(?=(?:[{CURRENCIES}]\s?)?[0-9])", " -", text)
    text = re.sub(r"[^\w\s]\u0338", lambda m: u.normalize("NFC", m[0]), text)
    text = re.sub(rf"[{ORNAMENTS}](?!\s*[-+−]?([{CURRENCIES}]\s?)?[0-9])", " ", text)
    text = re.sub("(?<=[0-9])，(?=[0-9])", ",", text)
    text = re.sub("(?<=[0-9])．(?=[0-9])", ".", text)
    for sign in "’‘ʼ＇٬":
        text = text.replace(sign, "'")
    for sign in (r"\s+", "'"):
        text = re.sub(
            rf"(?<![0-9])(?<![0-9][.,'])[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+(?![0-9])",
            lambda m: re.sub("[^0-9]", "", m[0]),
            text,
        )
    text = re.sub(r"[0-9]+(?:[.,][0-9]+)+", lambda m: number(m[0], mark), text)
    text = re.sub("(?<=[0-9])٫(?=[0-9])", ".", text)
    capitals = unit_capitals(text) | {m.start() for m in re.finditer("(?<=[A-Za-z])#", text)}
    characters = spelled([d for at, c in enumerate(text) for d in ([f"!{c}"] if at in capitals else folded(c))])
    out: list[str] = []
    at = 0
    while at < len(characters):
        c = characters[at]
        if c and c not in SEPARATORS:
            out.append(c)
            at += 1
            continue
        end = at
        while end < len(characters) and (not characters[end] or characters[end] in SEPARATORS):
            end += 1
        gap, after = characters[at:end], characters[end] if end < len(characters) else ""
        exponent = at > 1 and characters[at - 2] in DIGITS and characters[at - 1] in ("e", "!E")
        digit_before, digit_after = bool(out) and out[-1] in "0123456789", bool(after) and after in "0123456789"
        if digit_before and digit_after:
            said = "".join(d for d in gap if d.strip())
            out += (
                [said]
                if len(said) == 1
                else ["^-"]
                if said.startswith("^-")
                else ["^"]
                if said.startswith("^")
                else [" "]
            )
        else:
            ahead = characters[end : end + 3]
            priced = bool(re.match(rf"(?:[{CURRENCIES}] ?)?[0-9]", "".join(c or "\0" for c in ahead)))
            said_before = bool(out) and _says(out[-1])
            digits = re.match(r"[0-9]{1,3}(.?)", "".join(d[-1:] or "\0" for d in characters[end : end + 4]))
            short = bool(digits) and not _says(digits[1])
            for place, sign in enumerate(gap):
                before = gap[place - 1] if place else out[-1] if out else " "
                alone = before in ("", " ") or re.match(f"[{COMPARED}{ORNAMENTS}{CURRENCIES}]", before)
                after_word = set(gap[: place + 1]) == {"+"} and said_before
                before_number = place == len(gap) - 1 and priced and sign in ("-", "+") and alone
                power = exponent and len(gap) == 1 and sign == "-" and short
                out += [sign] if after_word or before_number or power else []
        at = end
    return in_order("".join(c.removeprefix("!") for c in out))


def _says(character: str) -> bool:
    return u.category(character[-1])[0] in "LN" if character else False


def opening(form: str) -> str:
    value = 2166136261
    for c in form[:16]:
        value = (value * 16777619 + ord(c)) % 2**32
    return format(value, "08x")


def sha256(form: str) -> str:
    return hashlib.sha256(form.encode("utf-8")).hexdigest()
