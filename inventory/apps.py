from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, pre_delete


class InventoryConfig(AppConfig):
    name = "inventory"

    def ready(self) -> None:
        from .single import forget
        from .transfers import claims, pruning

        pre_delete.connect(claims.wait_for_workers, sender="accounts.Membership")
        post_delete.connect(forget, sender="accounts.Membership")
        post_migrate.connect(pruning.keep_schedule, sender=self)
