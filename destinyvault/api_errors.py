"""How every failure of the JSON API looks (DESIGN.md, "JSON API")."""

from pydantic import BaseModel


class ErrorBody(BaseModel):
    code: str
    message: str


class ErrorReply(BaseModel):
    error: ErrorBody


def failures(*statuses: int) -> dict[int, type[ErrorReply]]:
    """For the `response` of an operation."""
    return dict.fromkeys(statuses, ErrorReply)
