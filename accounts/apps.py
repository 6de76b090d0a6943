from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import sessions  # models are there only now

        user_logged_in.connect(sessions.remember_person)
        post_migrate.connect(sessions.keep_schedule, sender=self)
