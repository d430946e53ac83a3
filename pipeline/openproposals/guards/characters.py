r"""Signs that no published text may hold, or that a reader should know of: the same rules for cells and descriptor.

Tab, line feed and carriage return are text. XML 1.0 (2.2) has no other C0 control, no surrogate, no U+FFFE or U+FFFF;
C1 controls and DEL it discourages, and YAML has none of them.
"""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def fault(text: str) -> str:
    r"""The code of the finding about a text's characters; "" where there is none.

    >>> fault("a\tb\n"), fault("a\x07b"), fault("a\u202eb")
    ('', 'control-character', 'bidi-override')
    """
    for code, sign in (("control-character", _CONTROL), ("bidi-override", _BIDI)):
        if sign.search(text):
            return code
    return ""
