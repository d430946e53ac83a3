"""Ids that were once given stay: `ids.csv` keeps, by table, each id and the key in the publisher's files it stands for.

A key is what a row is known by there: its id, else its label, else what it refers to. Where a label was changed, the id
is kept if one former row alone has the same other cells, or is the most alike: an inference, and said to be one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from slugify import slugify

IDS = "ids.csv"
PARTS = " | "  # stands between the cells of a key that is made of several
COLUMNS = ("table", "id", "key", "rest")
_ALIKE = 0.75  # likeness from which a changed label is taken for the former one
_COMPARED = 400  # former rows without a successor, beyond which labels are not compared
_VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,199}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])|index", re.IGNORECASE)  # no page can be called so


@dataclass(frozen=True, slots=True)
class KeptId:
    """One id: the key that it stands for, and a digest of the row's other cells ("" where the key is an id)."""

    id: str
    key: str
    rest: str = ""


@dataclass(frozen=True)
class Renamed:
    """A row that keeps its id although its label changed, and how that is known: `same-cells` or `alike-label`."""

    table: str
    id: str
    before: str
    after: str
    how: str


@dataclass
class Identities:
    """The ids of every table: those once given, and those given in this run."""

    kept: dict[str, dict[str, KeptId]] = field(default_factory=dict)  # by table and key
    current: dict[str, dict[str, str]] = field(default_factory=dict)  # ids by table and key, of this run
    renamed: list[Renamed] = field(default_factory=list)
    rest: dict[str, dict[str, str]] = field(default_factory=dict)  # digests by table and key, of this run

    def give(self, table: str, keys: Mapping[str, str], *, by_label: bool) -> dict[str, str]:
        """The id for each key. keys: each with the digest of its row's other cells.

        by_label: whether the keys are labels, which may change, and of which an id is a slug.

        The order of the keys does not matter.
        """
        known = self.kept.get(table, {})
        mine = self.current.setdefault(table, {})
        fresh = [key for key in keys if key not in known and key not in mine]
        mine |= {key: known[key].id for key in keys if key in known}
        if by_label and fresh:
            lost = [each for key, each in known.items() if key not in keys and key not in mine]
            for key, former, how in successors({key: keys[key] for key in fresh}, lost):
                mine[key] = former.id
                self.renamed.append(Renamed(table, former.id, former.key, key, how))
            fresh = [key for key in fresh if key not in mine]
        taken = {each.id for each in known.values()} | {*mine.values()}
        if not by_label:
            own = [key for key in fresh if key not in taken and _VALID.fullmatch(key)]
            mine |= {key: key for key in own}
            taken.update(own)
            fresh = [key for key in fresh if key not in mine]
        folded = {one.lower() for one in taken} if fresh else set()
        for key in sorted(fresh, key=lambda each: (not _VALID.fullmatch(each), each)):
            mine[key] = slug(key.partition(PARTS)[0], folded) if by_label else unused(key, taken, folded)
            taken.add(mine[key])
            folded.add(mine[key].lower())
        self.rest.setdefault(table, {}).update({key: rest for key, rest in keys.items() if rest})
        return {key: mine[key] for key in keys}

    def gone(self) -> dict[str, list[str]]:
        """The ids, by table, that were once given and that no row of this run has."""
        return {
            table: lost
            for table, known in self.kept.items()
            if (lost := sorted({each.id for each in known.values()} - {*self.current.get(table, {}).values()}))
        }

    def new(self) -> dict[str, list[str]]:
        """The ids, by table, that are given for the first time."""
        before = {table: {each.id for each in known.values()} for table, known in self.kept.items()}
        return {t: sorted({*ids.values()} - before.get(t, set())) for t, ids in self.current.items()}

    def text(self) -> str:
        """The content of `ids.csv`: every id ever given, sorted; one that a row has stands with its present key."""
        parts = []
        for table in sorted({*self.kept, *self.current}):
            now, rest = self.current.get(table, {}), self.rest.get(table, {})
            given = {*now.values()}
            former = [each for each in self.kept.get(table, {}).values() if each.id not in given]
            part = {
                "id": [*(each.id for each in former), *now.values()],
                "key": [*(each.key for each in former), *now],
                "rest": [*(each.rest for each in former), *(rest.get(key) or "" for key in now)],
            }
            frame = pl.DataFrame(part, schema=dict.fromkeys(part, pl.String)).sort("id", "key")
            parts.append(frame.select(pl.lit(table).alias("table"), *part))
        whole = pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
        return whole.with_columns(pl.col("rest").replace("", None)).write_csv()


def read(rows: Iterable[Sequence[str]]) -> Identities:
    """The ids that `ids.csv` keeps, from its rows."""
    kept: dict[str, dict[str, KeptId]] = {}
    for table, one, key, rest in rows:
        same = one if key == one else key  # a million ids are kept once
        kept.setdefault(table, {})[same] = KeptId(one, same, rest)
    return Identities(kept)


def successors(fresh: Mapping[str, str], lost: Sequence[KeptId]) -> list[tuple[str, KeptId, str]]:
    """Which new keys stand for which former rows: by the same other cells, then by the most alike label, one to one."""
    found = []
    left = dict(fresh)
    former = {each.key: each for each in lost}
    by_rest: dict[str, list[KeptId]] = {}
    for each in lost:
        if each.rest:
            by_rest.setdefault(each.rest, []).append(each)
    of_rest: dict[str, list[str]] = {}
    for key, rest in fresh.items():
        if rest:
            of_rest.setdefault(rest, []).append(key)
    for rest, keys in of_rest.items():
        if len(keys) == 1 and len(by_rest.get(rest, ())) == 1:
            before = by_rest[rest][0]
            found.append((keys[0], before, "same-cells"))
            del left[keys[0]], former[before.key]
    if len(left) * len(former) > _COMPARED * _COMPARED:
        return found
    pairs = sorted(
        ((_likeness(key, before), key, before) for key in left for before in former),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    for likeness, key, former_key in pairs:
        if likeness >= _ALIKE and key in left and former_key in former:
            found.append((key, former.pop(former_key), "alike-label"))
            del left[key]
    return found


def _likeness(one: str, other: str) -> float:
    first, second = sorted((one.casefold(), other.casefold()))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0


def unused(key: str, taken: Container[str], folded: Container[str]) -> str:
    """An id for a key, that no other has: the key itself where it can be one, else a slug of it.

    taken: the ids that there are; folded: the same in small letters, from which a slug differs too.

    >>> unused("Housing-1", (), ()), unused("Planter des arbres, rue par rue", (), ()), unused("Été", ["Ete"], ["ete"])
    ('Housing-1', 'planter-des-arbres-rue-par-rue', 'ete-2')
    """
    return key if _VALID.fullmatch(key) and key not in taken else slug(key, folded)


def slug(label: str, folded: Container[str]) -> str:
    """Words of a label in ASCII with hyphens, numbered where another id is the same.

    >>> slug("NZ First", ()), slug("Жильё", ()), slug("index", ()), slug("Été", ["ete"])
    ('nz-first', 'zhile', 'x-index', 'ete-2')
    """
    said = words(label) or "row"
    stem = f"x-{said}" if _RESERVED.fullmatch(said) else said
    found, number = stem, 2
    while found in folded:
        found, number = f"{stem}-{number}", number + 1
    return found


def words(label: str) -> str:
    """The words of a label in ASCII with hyphens, as many as fit into 60 characters; "" where it has none.

    >>> words("Our Promises (2022)"), words("---")
    ('our-promises-2022', '')
    """
    return slugify(label, max_length=60, word_boundary=True, save_order=True)
