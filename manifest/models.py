"""The Manifest as it is kept: each language's revisions, and every distinct definition with the time of its validity.

A revision is one language's content path. A definition is written once per distinct content: `added` is the id of the
revision that brought it, `removed` that of the one that took it away. It is valid at revision r of its language when
`added <= r and (removed is null or removed > r)`. So nobody sees the rows of a revision that is not live yet, and to
compare two revisions or go back to one is a query, not a copy. It rests on ids of revisions that grow with time, and on
failed imports leaving no definition behind (cleaning.py).
"""

from django.db import models


class Revision(models.Model):
    class Status(models.TextChoices):
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        FAILED = "failed", "failed"

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

    class Meta:
        indexes = [models.Index(fields=["language", "path"])]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class Language(models.Model):
    """What is live in one language, and how the last look at Bungie's index went."""

    code = models.CharField(max_length=20, primary_key=True)
    live = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
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
    json = models.JSONField()

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "hash", "added"], name="manifest_item_unique")]
        indexes = [
            models.Index(fields=["removed"], condition=models.Q(removed__isnull=False), name="manifest_item_removed")
        ]

    def __str__(self) -> str:
        return self.name or str(self.hash)
