from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.fields import TokenField
from accounts.platforms import platform_name


class User(AbstractUser):
    """A person. `username` is made from the Bungie.net id; what people are called is `first_name`."""

    def __str__(self) -> str:
        return self.first_name or self.username


class BungieAccount(models.Model):
    """A person's sign-in at Bungie.net. The tokens stand here encrypted; accounts.tokens is the way to a usable one."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="bungie")
    membership_id = models.CharField(max_length=20, unique=True, help_text="of Bungie.net (type 254)")
    display_name = models.CharField(max_length=100, blank=True)
    access_token = TokenField(null=True, editable=False)
    access_expires_at = models.DateTimeField(null=True)
    refresh_token = TokenField(null=True, editable=False)
    refresh_expires_at = models.DateTimeField(null=True)
    sign_in_needed = models.BooleanField(default=False)
    signed_in_at = models.DateTimeField(null=True)
    memberships_read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.display_name or self.membership_id


class Membership(models.Model):
    """A Destiny account that can be played: one per platform, or one for all with Cross Save.

    One that Bungie no longer lists stays, for the record of what was done with it; it may come back.
    """

    account = models.ForeignKey(BungieAccount, on_delete=models.CASCADE, related_name="memberships")
    membership_type = models.SmallIntegerField()
    membership_id = models.CharField(max_length=20)
    display_name = models.CharField(max_length=100, blank=True)
    code = models.PositiveSmallIntegerField(null=True)
    icon_path = models.CharField(max_length=300, blank=True)
    applicable_types = ArrayField(models.SmallIntegerField(), default=list)
    is_cross_save_primary = models.BooleanField(default=False)
    date_last_played = models.DateTimeField(null=True)
    chosen = models.BooleanField(default=False)
    listed = models.BooleanField(default=True, help_text="among those that Bungie says can be played")

    class Meta:
        ordering = ["membership_type"]
        constraints = [
            models.UniqueConstraint(fields=["account", "membership_id"], name="one_row_per_membership"),
            models.UniqueConstraint(fields=["account"], condition=Q(chosen=True), name="one_chosen_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.platform})"

    @property
    def full_name(self) -> str:
        return self.display_name if self.code is None else f"{self.display_name}#{self.code:04}"

    @property
    def platform(self) -> str:
        return platform_name(self.membership_type)

    @property
    def other_platforms(self) -> list[str]:
        """Where this same account is played too, thanks to Cross Save."""
        return [platform_name(each) for each in self.applicable_types if each != self.membership_type]


class Preferences(models.Model):
    class Theme(models.TextChoices):
        SYSTEM = "system", "As the device has it"
        DARK = "dark", "Dark"
        LIGHT = "light", "Light"

    class Sort(models.TextChoices):
        POWER = "power", "Power, highest first"
        TIER = "tier", "Tier, exotic first"
        NAME = "name", "Name"
        TYPE = "type", "Type"
        NEWEST = "newest", "Newest first"

    class TileSize(models.IntegerChoices):
        SMALL = 44, "Small"
        USUAL = 56, "Usual"
        LARGE = 72, "Large"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preferences")
    language = models.CharField(max_length=8, blank=True, help_text="of item names; empty: the site's first language")
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    sort = models.CharField("order of items", max_length=6, choices=Sort, default=Sort.POWER)
    tile_size = models.PositiveSmallIntegerField("size of items", choices=TileSize, default=TileSize.USUAL)
    folded = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="keys of the inventory's groups"
    )
    move_others = models.BooleanField("may move other items aside", default=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user_id}"


class ApiKeys(models.QuerySet):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)


class ApiKey(models.Model):
    """Kept as a digest: whoever reads the table cannot use the key."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60)
    start = models.CharField(max_length=8, help_text="to tell keys apart")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiKeys.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name
