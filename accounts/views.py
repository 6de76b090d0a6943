from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import api_keys, memberships
from accounts.deletion import delete_everything
from accounts.forms import ApiKeyForm, PlatformForm, PreferencesForm
from accounts.models import ApiKey, BungieAccount, Membership
from accounts.people import preferences

THEME_COOKIE = "theme"
YEAR = 365 * 24 * 3600
PLATFORMS = Prefetch("memberships", Membership.objects.filter(listed=True))

View = Callable[..., HttpResponse]


def _button_of_settings(view: View) -> View:
    """For a POST; a GET comes from whoever had to sign in again before it, and is led to the page with the button."""

    @login_required
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.method == "POST" else redirect("settings")

    return posted


@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """A GET only asks: a picture on some other page could fetch it."""
    if request.method == "GET":
        return render(request, "accounts/sign_out.html")
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    form = _preferences_form(request, request.POST or None)
    if form.is_valid():
        kept = form.save()
        messages.success(request, "Your settings are saved.")
        return _with_theme(redirect("settings"), kept.theme)
    return _settings_page(request, preferences_form=form, status=400 if form.is_bound else 200)


@_button_of_settings
def choose_platform(request: HttpRequest) -> HttpResponse:
    account = get_object_or_404(BungieAccount, user=request.user)
    form = PlatformForm(request.POST, account=account)
    if not form.is_valid():
        messages.error(request, "This platform is no longer among yours. Choose one of those below.")
        return redirect("settings")
    memberships.choose(account, form.cleaned_data["membership"])
    messages.success(request, f"You now see {form.cleaned_data['membership']}.")
    return redirect("settings")


@never_cache
@_button_of_settings
def create_api_key(request: HttpRequest) -> HttpResponse:
    """Shows the key in the answer itself: kept anywhere for a next page, it would lie there in the clear."""
    form = ApiKeyForm(request.POST, user=request.user)
    if not form.is_valid():
        return _settings_page(request, key_form=form, status=400)
    _, secret = api_keys.create(request.user, form.cleaned_data["name"])
    return _settings_page(request, new_key=secret)


@_button_of_settings
def revoke_api_key(request: HttpRequest, key_id: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.for_user(request.user), pk=key_id)
    key.delete()
    messages.success(request, f"The key “{key.name}” no longer works.")
    return redirect("settings")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def delete_my_data(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "accounts/delete.html")
    user = request.user
    logout(request)
    delete_everything(user)
    return render(request, "accounts/deleted.html")


def _settings_page(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    account = BungieAccount.objects.filter(user=request.user).prefetch_related(PLATFORMS).first()
    context.setdefault("preferences_form", _preferences_form(request))
    context.setdefault("key_form", ApiKeyForm(user=request.user))
    context |= {"account": account, "keys": ApiKey.objects.for_user(request.user)}
    return render(request, "accounts/settings.html", context, status=status)


def _preferences_form(request: HttpRequest, data: QueryDict | None = None) -> PreferencesForm:
    languages = request.imported_languages() or settings.MANIFEST_LANGUAGES[:1]  # before the very first Manifest
    return PreferencesForm(data, instance=preferences(request.user), languages=languages)


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    # Also as a cookie, so that no page has to ask the database for its colours.
    response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response
