"""Bungie.net as a provider of django-allauth, which keeps the state, the session and the person's row."""

from typing import Any

from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.http import HttpRequest

from accounts import memberships
from accounts.sign_in import NoDestinyAccount, SignIn
from destinyvault.bungie import client
from destinyvault.bungie.replies import Tokens


class BungieAccount(ProviderAccount):
    pass


class BungieClient(OAuth2Client):
    """Speaks through the project's one client, which leaves out `scope` and `redirect_uri`, as Bungie asks."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        return client.authorize_url(self.state)

    def get_access_token(self, code: str, pkce_code_verifier: str | None = None, extra_data: Any = None) -> Tokens:
        return client.exchange_code(code)


class BungieAdapter(OAuth2Adapter):
    provider_id = "bungie"
    client_class = BungieClient
    access_token_url = authorize_url = ""  # both are the client's business

    def parse_token(self, data: Tokens) -> SocialToken:
        # Empty: whatever allauth does with its own token, there is nothing in it to store or to show.
        return SocialToken(token="")

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, response: Tokens) -> SocialLogin:
        linked = memberships.read(response.membership_id, response.access_token)
        if not memberships.playable(linked):
            raise NoDestinyAccount
        sign_in = SignIn(response, linked)
        login = self.get_provider().sociallogin_from_response(request, sign_in)
        login.bungie = sign_in
        return login


class BungieProvider(OAuth2Provider):
    id = "bungie"
    name = "Bungie.net"
    account_class = BungieAccount
    oauth2_adapter_class = BungieAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        # Only "sign in": `?process=connect` would hang a second Bungie.net account on the person who is signed in.
        kwargs = super().get_redirect_from_request_kwargs(request)
        return {**kwargs, "process": AuthProcess.LOGIN}

    def extract_uid(self, data: SignIn) -> str:
        return data.tokens.membership_id

    def extract_extra_data(self, data: SignIn) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: SignIn) -> dict[str, str]:
        return {"username": f"bungie-{data.tokens.membership_id}", "first_name": data.display_name}


provider_classes = [BungieProvider]
