"""Below /accounts/. allauth.urls is not included: passwords, e-mail and local sign-up have no pages here."""

from django.urls import path

from accounts import views
from accounts.provider import BungieAdapter
from accounts.sign_in_views import CallbackView, LoginView

urlpatterns = [
    path("bungie/login/", LoginView.adapter_view(BungieAdapter), name="bungie_login"),
    path("bungie/login/callback/", CallbackView.adapter_view(BungieAdapter), name="bungie_callback"),
    path("logout/", views.sign_out, name="logout"),
]
