from django.urls import path

from . import choices, item_pages, views
from .transfers import views as transfers
from .xur.views import xur

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("inventory/perks.json", views.perk_names, name="perks"),
    path("inventory/sort/", choices.sort, name="sort"),
    path("inventory/folds/", choices.fold, name="fold"),
    path("vault/", views.vault, name="vault"),
    path("characters/<str:character_id>/", views.character, name="character"),
    path("items/stack/<int:item_hash>/", item_pages.stack, name="stack"),
    path("items/<str:instance_id>/", item_pages.item, name="item"),
    path("items/<str:instance_id>/definition/", item_pages.definition, name="item-definition"),
    path("items/<str:instance_id>/compare/", item_pages.choose, name="compare-with"),
    path("compare/", item_pages.comparison, name="compare"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/several/", transfers.several, name="transfers-several"),
    path("transfers/progress/", transfers.progress, name="transfers-progress"),
    path("transfers/<int:transfer_id>/", transfers.transfer, name="transfer"),
    path("transfers/<int:transfer_id>/cancel/", transfers.cancel, name="transfer-cancel"),
    path("transfers/<int:transfer_id>/retry/", transfers.retry, name="transfer-retry"),
    path("transfers/<int:transfer_id>/undo/", transfers.undo, name="transfer-undo"),
    path("xur/", xur, name="xur"),
]
