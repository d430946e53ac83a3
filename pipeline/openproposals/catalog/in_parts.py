"""Files that are published in parts: a folder of that name holds them, as `tables/proposals.csv/part-00000.csv`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from openproposals.release.ours import FileDigest

_PART = re.compile(r"(.+)/part-[0-9]{5,}\.[A-Za-z.]+")


@dataclass(frozen=True)
class PartedFile(FileDigest):
    """A file in parts: the size of all, and by name the digest of each. The whole has no sum: `sha256` is ""."""

    parts: Mapping[str, FileDigest] = field(default_factory=dict)


def gathered(entries: Mapping[str, FileDigest]) -> dict[str, FileDigest]:
    """The files of a release by name, each file in parts as one.

    >>> sums = {"a.ttl": FileDigest(1, "aa"), "a.nt/part-00000.nt": FileDigest(2, "bb")}
    >>> gathered(sums)["a.nt"].size
    2
    """
    whole: dict[str, FileDigest] = {}
    parts: dict[str, dict[str, FileDigest]] = {}
    for name, entry in entries.items():
        if found := _PART.fullmatch(name):
            parts.setdefault(found[1], {})[name] = entry
        else:
            whole[name] = entry
    for name, some in parts.items():
        whole[name] = PartedFile(sum(part.size for part in some.values()), "", dict(sorted(some.items())))
    return whole


def parts_of(name: str, entry: FileDigest) -> Mapping[str, FileDigest]:
    """By name, the files in which a file is published: its parts, or itself."""
    return entry.parts if isinstance(entry, PartedFile) else {name: entry}
