"""A response's header block, believed only if every line of it is a header field."""

from __future__ import annotations

from http.client import HTTPException, HTTPResponse


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
        said = self.msg
        if said.defects or said.get_payload() or said.get_unixfrom():
            raise DefectiveHeaderError(self.status)
