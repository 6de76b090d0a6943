"""Who of the staff hears about the Manifest, and what was sent."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from destinyvault.admin import ReadOnly
from manifest import mail
from manifest.models import Announcement, Subscription

_NO_MAIL = (
    "This site sends no e-mail yet: EMAIL_URL is not set. Your wish is kept; until then messages are only printed on "
    "the terminal of the task cluster."
)


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    """Everybody on the staff asks for themselves, and for nobody else; superusers see who asked."""

    list_display = ["user", "email", "live", "failures"]
    list_select_related = ["user"]
    fields = ["email", "live", "failures"]

    def get_urls(self) -> list[URLPattern]:
        mine = path("mine/", self.admin_site.admin_view(self.mine), name="manifest_subscription_mine")
        return [mine, *super().get_urls()]

    def mine(self, request: HttpRequest) -> HttpResponseRedirect:
        """One address for everybody, to stand in e-mails and on pages."""
        own = Subscription.objects.filter(user=request.user).first()
        if own:
            return redirect("admin:manifest_subscription_change", own.pk)
        return redirect("admin:manifest_subscription_add")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        found = super().get_queryset(request)
        return found if request.user.is_superuser else found.filter(user=request.user)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"email": request.user.email}

    def save_model(self, request: HttpRequest, obj: Subscription, form: ModelForm, change: bool) -> None:
        if not change:
            obj.user = request.user
        super().save_model(request, obj, form, change)
        if not mail.reaches_people():
            self.message_user(request, _NO_MAIL, messages.WARNING)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return _is_staff(request) and (request.user.is_superuser or _is_own(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request) and not Subscription.objects.filter(user=request.user).exists()

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return _is_staff(request) and _is_own(request, obj)

    has_delete_permission = has_change_permission


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly):
    list_display = ["created_at", "fate", "message", "to"]
    sortable_by = ["created_at", "fate"]
    list_filter = ["status", "channel", "kind", "language"]
    list_select_related = ["subscription"]
    search_fields = ["text", "version"]
    change_list_template = "admin/manifest/list.html"
    date_hierarchy = "created_at"

    @admin.display(description="status", ordering="status")
    def fate(self, row: Announcement) -> SafeString:
        tried = f"{row.attempts} attempt{'' if row.attempts == 1 else 's'}"
        return format_html("{}<small>{}</small>", row.get_status_display(), tried)

    @admin.display(description="message")
    def message(self, row: Announcement) -> SafeString:
        """And why it did not arrive."""
        return format_html("{}<small>{}</small>", row.text, row.error)

    @admin.display(description="to")
    def to(self, row: Announcement) -> str:
        return str(row.subscription or row.get_channel_display())


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff


def _is_own(request: HttpRequest, subscription: Subscription | None) -> bool:
    return subscription is None or subscription.user_id == request.user.pk
