"""JSON and TOML from a stranger, parsed or refused in words: too deep, a key twice, no finite number, no text."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Sequence
from typing import Any, NoReturn

from openproposals.errors import because
from openproposals.messages import Phrase

DEEPEST = 100  # levels of objects and arrays within each other
MOST_DIGITS = 4300  # of an integer: what Python reads and writes
_MOST_BITS = 14_284  # and in binary digits
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class Unparsable(ValueError):  # noqa: N818 - a state of affairs, which the caller puts into words
    """Raised with what is wrong with the text: a phrase of ours (`errors.because`), or what the parser says."""

    def __init__(self, problem: str | Phrase) -> None:
        super().__init__(problem)


class TooDeep(Unparsable):
    """Its objects and arrays stand too many levels within each other."""

    def __init__(self) -> None:
        super().__init__(because("too-deep", levels=DEEPEST))


def from_json(data: str | bytes) -> Any:
    r"""The value of a JSON text. Raises Unparsable.

    Refused beyond what JSON refuses: more than `DEEPEST` levels, a key twice in an object, NaN and infinities,
    integers of more digits than Python reads, half a surrogate pair.

    >>> from_json('{"a": [1, "é"]}')
    {'a': [1, 'é']}
    >>> from_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    openproposals.guards.parsing.Unparsable: the key 'a' stands twice in an object
    """
    try:
        found = json.loads(data, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_number)
    except RecursionError:
        raise TooDeep from None
    except Unparsable:
        raise
    except ValueError as error:
        raise Unparsable(str(error)) from None
    return _checked(found)


def from_toml(text: str) -> dict[str, Any]:
    """The value of a TOML text.

    Raises Unparsable, also for more than `DEEPEST` levels, integers of more digits than Python writes, and half a
    surrogate pair.

    >>> from_toml("a.b = 1")
    {'a': {'b': 1}}
    """
    for number, line in enumerate(text.split("\n"), 1):
        if _QUOTED.sub("", line).count(".") > DEEPEST:  # the parser's time grows with the square of these
            raise Unparsable(because("key-too-deep", line=number))
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise TooDeep from None
    except ValueError as error:
        raise Unparsable(str(error)) from None
    _checked(found)
    return found


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unparsable(because("key-twice", key=twice))
    return found


def _no_number(name: str) -> NoReturn:
    raise Unparsable(because("no-json-number", name=name))


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise Unparsable(because("number-too-large", written=written[:20]))
    return number


def _checked(value: Any) -> Any:
    """The value, after a check that it is not nested too deeply and that no string holds half a surrogate pair.

    It is checked level by level, without recursion. Raises Unparsable.
    """
    level = [value]
    for _ in range(DEEPEST + 1):
        for each in level:
            _check_scalar(each)
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return value
    raise TooDeep


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _check_scalar(value: Any) -> None:
    """Raises Unparsable for text that is no text, and for an integer that Python does not write in decimal digits."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise Unparsable(because("digits-too-many", digits=MOST_DIGITS))
    try:
        if isinstance(value, str) and not value.isascii():
            value.encode()
    except UnicodeEncodeError:
        raise Unparsable(because("half-surrogate")) from None
