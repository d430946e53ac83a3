"""A response's header block, believed only if every line of it is a header field."""

from __future__ import annotations

from email import errors
from email.message import Message
from http.client import HTTPException, HTTPResponse

# What the parser misses in a body of many parts, or of a message, which it is not given.
_OF_BODIES = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.MultipartInvariantViolationDefect,
    errors.InvalidMultipartContentTransferEncodingDefect,
)


class DefectiveHeaderError(HTTPException):
    """A header block of which some lines are no header fields; `status` is that of the status line."""

    def __init__(self, status: int) -> None:
        super().__init__("the header block is malformed")
        self.status = status


class StrictResponse(HTTPResponse):
    """A response whose header block is read wholly or not at all.

    Python's parser ends the block at the first line that is no field, and takes the fields after it for text: the
    length of the body or its coding would be overlooked.
    """

    def begin(self) -> None:
        """Read the status line and the header block. Raises DefectiveHeaderError."""
        super().begin()
        if _is_defective(self.msg):
            raise DefectiveHeaderError(self.status)


def _is_defective(said: Message) -> bool:
    """Whether a line is no field: the parser took note of it, or took what follows it for a body."""
    inner = list(said.walk())
    texts = [part.get_payload() for part in inner if not part.is_multipart()]
    return (
        any(not isinstance(defect, _OF_BODIES) for part in inner for defect in part.defects)
        or any(texts)
        or any(part.keys() for part in inner[1:])
        or bool(said.get_unixfrom())
    )
