"""A message by e-mail, through whatever EMAIL_URL names."""

from collections.abc import Sequence
from contextlib import suppress
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from manifest.errors import Undelivered, lost_from_here, said
from manifest.messages import address, sentence
from manifest.models import Announcement

PRINTED = "EMAIL_URL is not set: it was printed on the terminal of the task cluster, and reached nobody."
ASKED_FOR = "You asked for this. To change that: {}/admin/manifest/subscription/mine/"


def send(to: str, rows: Sequence[Announcement]) -> None:
    """Once. Raises Undelivered."""
    connection = get_connection()
    message = _message(to, rows, connection)
    _open(connection)
    try:
        with lost_from_here("The mail server"):
            _send(message, to)
        if not reaches_people():
            raise Undelivered(PRINTED, final=True)
    finally:
        with suppress(OSError):  # who took the message may go without a word
            connection.close()


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except OSError as error:
        raise Undelivered(f"The mail server cannot be reached: {said(error)}.") from error


def _send(message: EmailMessage, to: str) -> None:
    """Where the server says something, nothing is lost."""
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        code, words = error.recipients.get(to, (0, b""))
        raise Undelivered(_refusal(code, words), final=code >= 500) from error
    except SMTPResponseException as error:
        raise Undelivered(_refusal(error.smtp_code, error.smtp_error)) from error


def reaches_people() -> bool:
    """Without EMAIL_URL Django prints e-mail."""
    return not settings.EMAIL_BACKEND.endswith(".console.EmailBackend")


def _message(to: str, rows: Sequence[Announcement], connection: BaseEmailBackend) -> EmailMessage:
    body = "\n\n".join([f"{sentence(row)}\n{address(row)}" for row in rows] + [ASKED_FOR.format(settings.SITE_URL)])
    # The same at every attempt: whoever gets two of one keeps one.
    identity = f"<announcement-{rows[0].pk}@{urlsplit(settings.SITE_URL).hostname}>"
    return EmailMessage(_subject(rows), body, to=[to], connection=connection, headers={"Message-ID": identity})


def _subject(rows: Sequence[Announcement]) -> str:
    what = {f"Manifest {row.version[:60]} {row.get_kind_display()}" for row in rows}
    return f"[Destiny Vault] {what.pop() if len(what) == 1 else f'{len(rows)} messages about the Manifest'}"


def _refusal(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"The mail server refused it: {code} {' '.join(text.split())[:200]}"
