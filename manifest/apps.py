from django.apps import AppConfig


class ManifestConfig(AppConfig):
    name = "manifest"
    default_auto_field = "django.db.models.BigAutoField"
