from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate


class InventoryConfig(AppConfig):
    name = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .single import forget
        from .transfers import pruning

        post_delete.connect(forget, sender="accounts.Membership")
        post_migrate.connect(pruning.keep_schedule, sender=self)
