import os

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from destinyvault.demo.parts import STAFF, STAFF_PASSWORD


class Command(BaseCommand):
    help = "Keep the demo's staff account, with the password that the demo prints. `manage.py demo` runs it."

    def handle(self, **options: object) -> None:
        password = os.environ.get(STAFF_PASSWORD, "")
        if not password:
            raise CommandError("This belongs to `manage.py demo`. For a real site: manage.py createsuperuser.")
        staff, _ = get_user_model().objects.get_or_create(username=STAFF)
        staff.is_staff = staff.is_superuser = staff.is_active = True
        if not staff.check_password(password):  # else everybody who is signed in stays so
            staff.set_password(password)
        staff.save()
