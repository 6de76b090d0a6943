from django.apps import AppConfig
from django.db.models.signals import post_delete


class InventoryConfig(AppConfig):
    name = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .single import forget

        post_delete.connect(forget, sender="accounts.Membership")
