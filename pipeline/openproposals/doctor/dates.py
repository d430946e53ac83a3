"""Whether a text is a date, or a part of one, that there is in the calendar."""

from __future__ import annotations

import datetime
import re

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)([T ].*)?)?)?(?:Z|[+-]\d\d:\d\d)?")


def is_date(said: str) -> bool:
    """Whether a year, a month, a day or a moment exists.

    >>> is_date("2024-02-29"), is_date("2024-02-30"), is_date("2024"), is_date("hier")
    (True, False, True, False)
    """
    found = _DATE.fullmatch(said.strip())
    if found is None:
        return False
    try:
        datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True
