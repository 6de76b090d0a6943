from typing import Any

from django.db import models
from isal import isal_zlib
from pydantic_core import from_json, to_json


class Trouble(models.TextChoices):
    """Why the last question to Bungie got no answer."""

    MAINTENANCE = "maintenance"
    THROTTLED = "throttled"
    SILENT = "silent"


class ProfileSnapshot(models.Model):
    """The newest profile that Bungie sent for a membership: shown again while it is fresh, and while Bungie is away."""

    membership = models.OneToOneField("accounts.Membership", primary_key=True, on_delete=models.CASCADE)
    minted_at = models.DateTimeField()  # when Bungie made the reply
    fetched_at = models.DateTimeField()  # when we last asked, even if what came was older than this, or nothing
    trouble = models.CharField(max_length=11, choices=Trouble, blank=True)  # empty: that question was answered
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"profile of {self.membership_id}, {self.minted_at:%Y-%m-%d %H:%M:%S}"

    @property
    def reply(self) -> dict[str, Any]:
        return unpack(self.packed)


def pack(reply: dict[str, Any]) -> bytes:
    """Raises ValueError for text that is none, such as half of a surrogate pair.

    A reply of a thousand items shrinks from 940 to 73 kB in 3.5 ms, of which 0.7 go into compressing (zlib: 3.3).
    """
    return isal_zlib.compress(to_json(reply), 2)


def unpack(packed: bytes) -> dict[str, Any]:
    return from_json(isal_zlib.decompress(packed))
