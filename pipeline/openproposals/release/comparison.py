"""Compare two releases by their folders: what differs, and what the rows that differ are called."""

from __future__ import annotations

from dataclasses import dataclass

from openproposals.errors import UsageError
from openproposals.guards.terminal import shown
from openproposals.messages import Language
from openproposals.model import rdf, schema, templates
from openproposals.model.hosts import plan
from openproposals.model.tables import Tables
from openproposals.release import changes, changes_text
from openproposals.release.published import Release


@dataclass(frozen=True)
class Comparison:
    """The difference between two releases; `versions` and `tables` are those of the old and of the new one."""

    changes: changes.Changes
    versions: tuple[str, str]
    tables: tuple[Tables, Tables]

    def names(self, lang: Language) -> dict[tuple[str, str], str]:
        """The names of rows, by table and key; the new release's name where they differ."""
        old, new = self.tables
        return changes_text.labels(old, lang) | changes_text.labels(new, lang)


def between(old: Release, new: Release) -> Comparison:
    """What differs between two releases. Raises UsageError where the tables of one cannot be read or compared."""
    before, after = changes.tables(old.folder), changes.tables(new.folder)
    base = str(next(iter(after.columns("dataset", ["iri"])["iri"]), "https://base.invalid/"))
    if not rdf.is_web_iri(base):
        raise UsageError("not-comparable", named=shown(str(new.folder)), address=shown(base))
    found = changes.compare(before, after, plan(templates.load(base, schema.spoken(after.all_names))))
    return Comparison(found, (old.version, new.version), (before, after))
