"""The Manifest as it is kept: each language's revisions, and every distinct definition with the time of its validity.

A revision is one language's content path. A definition is written once per distinct content: `added` is the id of the
revision that brought it, `removed` that of the one that took it away. It is valid at revision r of its language when
`added <= r and (removed is null or removed > r)`. So nobody sees the rows of a revision that is not live yet, and to
compare two revisions or go back to one is a query, not a copy. It rests on ids of revisions that grow with time, and on
failed imports leaving no definition behind (cleaning.py). The row of a revision stays when its definitions were pruned.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from manifest.stored_json import Decoder


class Revision(models.Model):
    class Status(models.TextChoices):
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        FAILED = "failed", "failed"
        HELD = "held", "held back"
        PRUNED = "pruned", "no longer kept"

    IMPORTED = (Status.COMPLETE, Status.PRUNED)  # came to their end, whether or not they are still kept
    UNFINISHED = (Status.FAILED, Status.HELD)

    language = models.CharField(max_length=20)
    version = models.TextField()
    path = models.TextField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    content_bytes = models.BigIntegerField(default=0)
    rows = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    removed = models.IntegerField(default=0)
    tables = models.JSONField(default=dict)
    seconds = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    live_until = models.DateTimeField(null=True, help_text="when another one took its place")
    given_up_at = models.DateTimeField(null=True, help_text="when it was no longer offered; who reads it still may end")
    pruned_at = models.DateTimeField(null=True, help_text="when the last of its definitions was deleted")

    class Meta:
        indexes = [models.Index(fields=["language", "path"])]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class KeptCounts(models.Model):
    """What differs between two kept revisions of one language that are no neighbours: neither ever changes.

    `tables` has the counts of each, from the earlier to the later one, as Revision.tables has those of neighbours.
    `same_items` are the hashes of items that were changed between the two, and changed back.
    """

    earlier = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    later = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    tables = models.JSONField()
    same_items = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["earlier", "later"], name="manifest_kept_counts_unique")]

    def __str__(self) -> str:
        return f"{self.earlier_id} to {self.later_id}"


class Language(models.Model):
    """What is live in one language, how the last look at Bungie's index went, and what is going on just now.

    `pinned_at` is set while staff keep the live revision whatever the index names. `sighted_path` is what the index
    named once; it is imported when a check sees it again. `phase` and its bytes are true while somebody holds the
    language's import lock (locks.importing). `check_message` is empty after a check that went well, and says why
    nothing new is live where the check failed or what it found is held back.
    """

    code = models.CharField(max_length=20, primary_key=True)
    live = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    sighted_path = models.TextField(default="", blank=True)
    sighted_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=40, default="", blank=True)
    phase_done = models.BigIntegerField(default=0)
    phase_total = models.BigIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    check_failed = models.BooleanField(default=False)
    check_message = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return self.code


class Table(models.Model):
    """A small number for (language, table name), so that the many definitions and their index stay narrow."""

    language = models.CharField(max_length=20)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "name"], name="manifest_table_unique")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Definition(models.Model):
    """`hash` is unsigned, as the API writes it. Tables keyed by text have hash 0 and their key in `key`.

    No foreign key constraint: checking it row by row would cost a tenth of an import, and ids come from Table itself.
    """

    table = models.ForeignKey(Table, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    added = models.IntegerField(db_index=True)
    hash = models.BigIntegerField()
    removed = models.IntegerField(null=True)
    key = models.TextField(default="")
    digest = models.BinaryField(max_length=16)
    json = models.JSONField(decoder=Decoder)

    class Meta:
        constraints = [
            # Also the index behind every look-up.
            models.UniqueConstraint(fields=["table", "hash", "key", "added"], name="manifest_definition_unique")
        ]
        indexes = [
            models.Index(
                fields=["removed"], condition=models.Q(removed__isnull=False), name="manifest_definition_removed"
            )
        ]

    def __str__(self) -> str:
        return self.key or str(self.hash)


class Item(models.Model):
    """The few fields of an item definition that pages and search read by the hundred, filled by items.py."""

    definition = models.OneToOneField(
        Definition, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="item"
    )
    language = models.CharField(max_length=20)
    hash = models.BigIntegerField()
    added = models.IntegerField(db_index=True)
    removed = models.IntegerField(null=True)
    bucket_hash = models.BigIntegerField()
    item_type = models.IntegerField()
    tier = models.IntegerField()
    class_type = models.IntegerField()
    damage_type = models.IntegerField()
    ammo_type = models.IntegerField(default=0)
    max_stack = models.IntegerField()
    redacted = models.BooleanField()
    equippable = models.BooleanField()
    transferable = models.BooleanField()
    name = models.TextField()
    type_name = models.TextField()
    tier_name = models.TextField()
    icon = models.TextField()
    watermark = models.TextField()
    stack_unique_label = models.TextField()
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "hash", "added"], name="manifest_item_unique")]
        indexes = [
            models.Index(fields=["removed"], condition=models.Q(removed__isnull=False), name="manifest_item_removed"),
            GinIndex(
                fields=["search"],
                condition=models.Q(removed__isnull=True),
                name="manifest_item_search",
                gin_pending_list_limit=512,
            ),
            # Of what a revision has taken away: after a way back to one before it, searches have to find that again.
            GinIndex(
                fields=["search"],
                condition=models.Q(removed__isnull=False),
                name="manifest_item_search_old",
                gin_pending_list_limit=512,
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.hash)


class Subscription(models.Model):
    """Which of the staff want e-mail about the Manifest; nobody does without asking."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="manifest_subscription"
    )
    email = models.EmailField()
    live = models.BooleanField("when a revision goes live", default=True)
    failures = models.BooleanField("when an import fails or is held back", default=True)

    def __str__(self) -> str:
        return self.email

    def wants(self, kind: str) -> bool:
        asked = self.live if kind == Announcement.Kind.LIVE else self.failures
        return asked and self.user.is_staff and self.user.is_active


class Announcement(models.Model):
    """One message to one place about one event, written in the transaction of the event and sent by delivery.py.

    SENDING that never ended is a message whose fate is unknown; it is not sent again (UNKNOWN). `next_try_at` of a
    message that is being sent says when it counts as one of these.
    """

    class Kind(models.TextChoices):
        LIVE = "live", "went live"
        FAILED = "failed", "import failed"
        HELD = "held", "held back"

    class Channel(models.TextChoices):
        WEBHOOK = "webhook", "webhook"
        EMAIL = "email", "e-mail"

    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENDING = "sending", "sending"
        SENT = "sent", "sent"
        FAILED = "failed", "given up"
        UNKNOWN = "unknown", "unknown whether it arrived"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=20)
    path = models.TextField()
    version = models.TextField()
    revision_id = models.IntegerField(help_text="of a failed import, the row may be gone")
    compared_with = models.IntegerField(null=True, help_text="the revision that was live before")
    text = models.TextField(help_text="one sentence")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    subscription = models.ForeignKey(
        Subscription,
        null=True,
        on_delete=models.CASCADE,
        help_text="whose e-mail it is; the webhook's address stays in the settings",
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "next_try_at"]), models.Index(fields=["language", "path"])]

    def __str__(self) -> str:
        return f"{self.text} ({self.channel})"
