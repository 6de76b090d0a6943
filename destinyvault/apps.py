from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class DestinyVaultConfig(AppConfig):
    name = "destinyvault"
    verbose_name = "Destiny Vault"

    def ready(self) -> None:
        from destinyvault import checks, cluster  # noqa: F401  importing registers the checks; models are there only now

        # Once the schedules' own tables are there.
        post_migrate.connect(cluster.keep_schedule, sender=apps.get_app_config("django_q"))
