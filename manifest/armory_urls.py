from django.urls import path

from manifest import armory_pages

urlpatterns = [
    path("", armory_pages.armory, name="armory"),
    path("<int:hash_>/", armory_pages.item, name="armory-item"),
]
