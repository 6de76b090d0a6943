"""Takes one guard out of the site, so that a run shows what that guard is for. Nothing of it is in the site itself."""

import os

from django.apps import AppConfig


class Sabotage(AppConfig):
    name = "tests.chaos.transfers"
    label = "sabotage"

    def ready(self) -> None:
        guard = os.environ.get("CHAOS_WITHOUT", "")
        if guard:
            GUARDS[guard]()


GUARDS = {}
