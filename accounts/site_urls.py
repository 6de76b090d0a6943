from django.urls import path

from accounts import views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("settings/platform/", views.choose_platform, name="settings-platform"),
    path("settings/keys/", views.create_api_key, name="settings-api-keys"),
    path("settings/keys/<int:key_id>/revoke/", views.revoke_api_key, name="settings-api-key-revoke"),
    path("settings/delete/", views.delete_my_data, name="settings-delete"),
]
