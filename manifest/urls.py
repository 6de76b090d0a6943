from django.urls import path

from manifest import views
from manifest.feeds import Revisions

urlpatterns = [
    path("", views.history, name="manifest"),
    path("feed.atom", Revisions(), name="manifest-feed"),
    path("update/", views.update, name="manifest-update"),
    path("<int:revision_id>/", views.changes, name="manifest-changes"),
    # A key may hold a slash.
    path("<int:revision_id>/<str:table>/<path:identity>/", views.definition, name="manifest-definition"),
]
