from django.contrib import admin
from django.urls import include, path

from destinyvault import views
from destinyvault.api import api

urlpatterns = [
    path("", views.front_page, name="front-page"),
    path("front-page/xur/", views.front_page_xur, name="front-page-xur"),
    path("status/", views.status, name="status"),
    path("status/first-manifest/", views.first_manifest, name="first-manifest"),
    path("healthz", views.healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("accounts.site_urls")),
    path("", include("inventory.urls")),
    path("manifest/", include("manifest.urls")),
    path("armory/", include("manifest.armory_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "destinyvault.views.bad_request"
handler403 = "destinyvault.views.forbidden"
handler404 = "destinyvault.views.page_not_found"
handler500 = "destinyvault.views.server_error"
