from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ManifestConfig(AppConfig):
    name = "manifest"

    def ready(self) -> None:
        from manifest import schedule  # models are there only now

        post_migrate.connect(schedule.keep, sender=self)
