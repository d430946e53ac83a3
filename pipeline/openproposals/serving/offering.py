"""What is made of a release before it is served: its pages, kept in a folder by the digest of the release."""

from __future__ import annotations

import hashlib
from pathlib import Path

from openproposals import __version__
from openproposals.errors import UsageError, reason
from openproposals.guards import files
from openproposals.progress import Progress
from openproposals.release import ours
from openproposals.release.published import Release, is_release, open_release
from openproposals.serving import offers
from openproposals.serving.offers import Offer
from openproposals.site import build

KEPT = Path("build/serve")
_LARGEST = 64 << 20  # bytes of a dump of which pages are made; a larger release is served without


def stamp(release: Release) -> str:
    """What changes when a release is replaced: the digest of its sums. Raises UsageError where it has none."""
    try:
        return hashlib.sha256(files.data(release.folder / ours.SUMS, follow=False, most=1 << 26)).hexdigest()
    except OSError as error:
        raise UsageError("unreadable", path=release.folder / ours.SUMS, because=reason(error)) from error


def offer(release: Release, kept: Path, progress: Progress) -> Offer:
    """A release as it is served: with pages made of it, unless it is a site, in parts, or too large.

    kept: the folder in which pages are kept. Raises UsageError: no release that can be served; ReleaseError: the pages
    could not be written.
    """
    if release.is_site or release.in_parts or release.dump.stat().st_size > _LARGEST:
        return offers.of(release)
    made = kept / "sites" / hashlib.sha256(f"{__version__} {stamp(release)}".encode()).hexdigest()[:32]
    if not is_release(made):
        made.parent.mkdir(parents=True, exist_ok=True)
        build.site(release, made, progress)
    return offers.of(open_release(made))
