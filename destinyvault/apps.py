from django.apps import AppConfig


class DestinyVaultConfig(AppConfig):
    name = "destinyvault"
    verbose_name = "Destiny Vault"

    def ready(self) -> None:
        from destinyvault import checks  # noqa: F401  importing registers the checks
