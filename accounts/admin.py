"""Read-only, and without tokens: staff see who is there and whether their sign-in works.

The one thing that they do here is to lock a person out, or in again.
"""

from typing import Any

# django-allauth registers its own pages, one of them for tokens; they have to be there before they can be taken away.
import allauth.account.admin
import allauth.socialaccount.admin  # noqa: F401  (imported for the same reason)
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import ApiKey, BungieAccount, Membership, Preferences, User
from destinyvault.admin import ReadOnly

for model in (EmailAddress, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ["platform", "full_name", "membership_id", "is_cross_save_primary", "date_last_played", "listed", "chosen"]
    readonly_fields = ["platform", "full_name"]


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ["username", "first_name", "is_staff", "is_active", "last_login", "date_joined"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["username", "first_name"]
    fields = [*list_display, "is_superuser"]
    actions = ["lock", "unlock"]

    def has_lock_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_user")

    @admin.action(description="Lock the selected people out", permissions=["lock"])
    def lock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._set_active(request, people, False, "locked")

    @admin.action(description="Unlock the selected people", permissions=["lock"])
    def unlock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._set_active(request, people, True, "unlocked")

    def _set_active(self, request: HttpRequest, people: QuerySet[User], active: bool, done: str) -> None:
        """Not oneself, by a slip; and only superusers have a say over their like."""
        beyond = Q(pk=request.user.pk) if request.user.is_superuser else Q(pk=request.user.pk) | Q(is_superuser=True)
        changed = list(people.exclude(beyond).filter(is_active=not active))
        User.objects.filter(pk__in=[each.pk for each in changed]).update(is_active=active)
        for person in changed:
            self.log_change(request, person, done.capitalize())
        count = len(changed)
        self.message_user(request, f"{count} {'person' if count == 1 else 'people'} {done}.")


@admin.register(BungieAccount)
class BungieAccountAdmin(ReadOnly):
    list_display = ["display_name", "membership_id", "sign_in_needed", "signed_in_at", "access_expires_at"]
    list_filter = ["sign_in_needed"]
    search_fields = ["display_name", "membership_id"]
    fields = ["user", *list_display, "refresh_expires_at", "memberships_read_at"]
    inlines = [MembershipInline]
    list_select_related = ["user"]


@admin.register(Preferences)
class PreferencesAdmin(ReadOnly):
    list_display = ["user", "language", "theme"]
    list_select_related = ["user"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ["name", "user", "created_at", "last_used_at"]
    fields = list_display
    list_select_related = ["user"]
