"""Where django-allauth asks the project (settings ACCOUNT_ADAPTER and SOCIALACCOUNT_ADAPTER)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts import failures
from accounts.models import User
from accounts.sign_in import remember


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """None: the page that follows shows who is signed in."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return failures.page(request, failures.LOCKED)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """One application, from the settings and not from the database: there is nothing to set up twice."""
        return [SocialApp(provider="bungie", name="Bungie.net", client_id=settings.BUNGIE_CLIENT_ID)]

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        raise ImmediateHttpResponse(failures.page(request, _failure(request, error, extra_context or {})))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            remember(sociallogin.user, sociallogin.bungie)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        # One transaction: no person without an account, also when somebody signs in twice at the same moment.
        with transaction.atomic():
            user = super().save_user(request, sociallogin, form)
            remember(user, sociallogin.bungie)
        return user


def _failure(request: HttpRequest, error: str | None, context: dict[str, Any]) -> failures.Failure:
    if not context.get("state"):
        return failures.STATE_MISSING
    if error == AuthError.CANCELLED:
        return failures.CANCELLED
    return failures.REFUSED if "error" in request.GET else failures.CODE_MISSING
