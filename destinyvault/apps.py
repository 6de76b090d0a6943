from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class DestinyVaultConfig(AppConfig):
    name = "destinyvault"
    verbose_name = "Destiny Vault"

    def ready(self) -> None:
        from destinyvault import checks, cluster  # noqa: F401  importing registers the checks; models are there only now

        # This app has no models, for which no signal is sent; the schedules' own app has.
        post_migrate.connect(cluster.keep_schedule, sender=apps.get_app_config("django_q"))
