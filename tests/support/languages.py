"""The languages of the corpora that most tests make."""

from __future__ import annotations

from openproposals.model.languages import Languages

FR_EN = Languages(("fr", "en"))
