"""Jobs and their steps. A finished job is the record of what was done: nothing of it is changed any more."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from accounts.models import User

from .steps import StepKind, Why


class Action(models.TextChoices):
    """What the person pressed."""

    MOVE = "move", "Move"
    EQUIP = "equip", "Equip"
    LOCK = "lock", "Lock"
    UNLOCK = "unlock", "Unlock"
    PULL = "pull", "Pull from the postmaster"
    COLLECT = "collect", "Collect the postmaster"
    ROOM = "room", "Make room"
    CONSOLIDATE = "consolidate", "Consolidate"
    UNDO = "undo", "Undo"


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    PARKED = "parked", "Waiting"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ENDED = (Status.DONE, Status.FAILED, Status.CANCELLED)
GAVE_UP = (Status.FAILED, Status.CANCELLED)
ACTIVE = (Status.QUEUED, Status.RUNNING, Status.PARKED)


class WaitsFor(models.TextChoices):
    MAINTENANCE = "maintenance", "the end of Bungie's maintenance"
    THROTTLED = "throttled", "Bungie's next free moment"
    SILENT = "silent", "Bungie.net to answer again"
    ACTIVITY = "activity", "the character to leave its activity"
    SIGN_IN = "sign_in", "you to sign in again"
    ANSWER = "answer", "Bungie to show where the item is"
    SHOWN = "shown", "Bungie to show what was done"
    STAFF = "staff", "this site's staff to look into it"


class StepStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    SKIPPED = "skipped", "Skipped"
    UNKNOWN = "unknown", "Answer lost"


# Their ids alone: an index of all that wishes say costs ten times as much at each change of a large job.
WANTED_IDS = Func(
    "wants",
    template="jsonb_path_query_array(%(expressions)s, '$[*].item_id')",
    output_field=models.JSONField(),
)


class Transfers(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """The only road from an address to a job: of all the accounts that a person plays."""
        return self.filter(membership__account__user_id=user.pk)

    def narrowed(self, *, status: str | None, action: str | None, refused: bool | None) -> Self:
        """What is empty narrows nothing; `refused` says whether some wish cannot be met."""
        found = self.filter(status=status) if status else self
        found = found.filter(action=action) if action else found
        if refused is None:
            return found
        return found.filter(refused__gt=0) if refused else found.filter(refused=0)


class Transfer(models.Model):
    """One job. `wants` are Want.kept, in the order of the person's choice; plans are made of them again and again."""

    membership = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="transfers")
    action = models.CharField(max_length=11, choices=Action)
    wants = models.JSONField()
    move_others = models.BooleanField(default=True)
    refusals = models.JSONField(default=list, help_text="wishes that cannot be met: {want, code, message}")
    refused = models.GeneratedField(  # counted by Postgres, so that an index finds them whoever wrote the refusals
        expression=Func(F("refusals"), function="jsonb_array_length"),
        output_field=models.IntegerField(),
        db_persist=True,
        help_text="how many wishes cannot be met",
    )
    key = models.CharField(max_length=64, help_text="of the click that asked for it: the same click twice is one job")
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    waits_for = models.CharField(max_length=11, choices=WaitsFor, blank=True)
    not_before = models.DateTimeField(null=True)
    message = models.TextField(blank=True, help_text="a sentence: how it stands, and why")
    worker = models.CharField(max_length=60, blank=True)
    beat_at = models.DateTimeField(null=True, help_text="last sign of life of the worker")
    takeovers = models.PositiveSmallIntegerField(default=0, help_text="workers that died at it since it last got on")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
    retries = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retried_by")

    objects = Transfers.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["membership", "key"], name="one_transfer_per_click")]
        indexes = [
            models.Index(fields=["membership", "-id"], name="transfers_of_a_membership"),
            models.Index(fields=["membership", "-id"], condition=Q(refused__gt=0), name="transfers_with_refusals"),
            models.Index(fields=["status", "not_before"], condition=Q(finished_at=None), name="active_transfers"),
            GinIndex(OpClass(WANTED_IDS, name="jsonb_path_ops"), name="wanted_items"),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="ended_transfers"),
        ]

    def __str__(self) -> str:
        return f"transfer {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE


class Steps(models.QuerySet):
    def skip(self) -> None:
        """What a job has not come to when it ends."""
        self.filter(status=StepStatus.WAITING).update(status=StepStatus.SKIPPED, message="")


class Step(models.Model):
    """One call to Bungie of a job: planned, sent, answered. `code` and `said` are Bungie's own words."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    want = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=StepKind)
    why = models.CharField(max_length=11, choices=Why)
    item_id = models.CharField(max_length=20, null=True)  # noqa: DJ001 - a stack has none, as everywhere
    item_ids = ArrayField(models.CharField(max_length=20), default=list)
    item_hash = models.BigIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    character_id = models.CharField(max_length=20)
    bucket_hash = models.BigIntegerField(default=0)
    max_stack = models.PositiveIntegerField(default=1)
    account_wide = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=StepStatus, default=StepStatus.WAITING)
    code = models.IntegerField(null=True)
    said = models.TextField(blank=True)
    message = models.TextField(blank=True, help_text="ours: what it means")
    outcomes = models.JSONField(default=dict, help_text="of items equipped together: Bungie's code by instance id")
    found = models.JSONField(default=dict, help_text="what was where before it was sent, to settle a lost answer")
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = Steps.as_manager()

    class Meta:
        ordering = ["transfer", "number"]
        constraints = [models.UniqueConstraint(fields=["transfer", "number"], name="one_step_per_number")]
        indexes = [models.Index(fields=["item_id", "transfer"], condition=~Q(item_id=None), name="steps_of_an_item")]

    def __str__(self) -> str:
        return f"step {self.number} of transfer {self.transfer_id}"

    @property
    def seconds(self) -> float | None:
        """How long Bungie took for it; None while there is no answer."""
        took = self.finished_at and self.sent_at and self.finished_at - self.sent_at
        return took.total_seconds() if took else None
