"""What all processes and hosts share about asking Bungie; destinyvault/bungie/budget.py reads and writes it by SQL."""

from django.db import models


class BungieSlot(models.Model):
    """One of the requests that Bungie allows an address within ten seconds, and when it may be used again."""

    number = models.SmallIntegerField(primary_key=True)
    free_at = models.DateTimeField()

    class Meta:
        db_table = "bungie_slot"

    def __str__(self) -> str:
        return f"{self.number}"


class BungieTurn(models.Model):
    """When an account may ask and act again; the row without a membership is about everybody.

    `membership_id` is of Bungie.net: Bungie counts by that, whichever platforms somebody plays on.
    """

    membership_id = models.CharField(max_length=32, primary_key=True)
    held_until = models.DateTimeField()
    backoff = models.FloatField(default=0)  # seconds
    action_at = models.DateTimeField()
    slow_action_at = models.DateTimeField()

    class Meta:
        db_table = "bungie_turn"

    def __str__(self) -> str:
        return self.membership_id or "everybody"
