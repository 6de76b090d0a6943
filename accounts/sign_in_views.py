from typing import Any

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from accounts import failures, sessions
from accounts.sign_in import NoDestinyAccount
from destinyvault.bungie.errors import BungieError


class LoginView(OAuth2LoginView):
    """On to Bungie's own page, from a button or from a plain link.

    A GET may do this (SOCIALACCOUNT_LOGIN_ON_GET): it only stores a state in the visitor's session and leads them to
    Bungie, which asks for consent. Signing a visitor in to a stranger's account takes a callback with a state that
    stands in the visitor's session, and no link can bring that along.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.BUNGIE_CLIENT_ID:
            return failures.page(request, failures.NOT_SET_UP)
        sessions.begin_visit(request)
        return super().dispatch(request, *args, **kwargs)


class CallbackView(OAuth2CallbackView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except BungieError as error:
            return failures.page(request, failures.of(error))
        except NoDestinyAccount:
            return failures.page(request, failures.NO_DESTINY_ACCOUNT)
        except IntegrityError:
            return failures.page(request, failures.TWICE)
