from django.urls import path

from . import views

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("vault/", views.vault, name="vault"),
    path("characters/<str:character_id>/", views.character, name="character"),
    path("items/<str:instance_id>/", views.item, name="item"),
]
