"""How every failure of the JSON API looks (DESIGN.md, "JSON API")."""

from ninja.errors import HttpError
from pydantic import BaseModel


class ErrorBody(BaseModel):
    code: str
    message: str


class ErrorReply(BaseModel):
    error: ErrorBody


def failures(*statuses: int) -> dict[int, type[ErrorReply]]:
    """For the `response` of an operation."""
    return dict.fromkeys(statuses, ErrorReply)


class CodedError(HttpError):
    """For one that a program tells from others of the same status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, message)
        self.code = code
