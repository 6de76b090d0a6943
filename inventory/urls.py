from django.urls import path

from . import choices, views

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("inventory/perks.json", views.perk_names, name="perks"),
    path("inventory/sort/", choices.sort, name="sort"),
    path("inventory/folds/", choices.fold, name="fold"),
    path("vault/", views.vault, name="vault"),
    path("characters/<str:character_id>/", views.character, name="character"),
    path("items/<str:instance_id>/", views.item, name="item"),
]
