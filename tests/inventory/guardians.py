"""The sandbox's people, by what they are there to show, and steps that several tests take."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import ProfileSnapshot

OWNER = "20000001"
COLLECTOR = "20000002"
TWO_PLATFORMS = "20000004"
NEW_ACCOUNT = "20000005"
EMPTY_VAULT = "20000006"
PRIVATE_PERSON = "20000007"
HOSTILE_NAMES = "20000009"


def let_time_pass(seconds=31):
    """For the site: what it holds is so much older."""
    for row in ProfileSnapshot.objects.all():
        row.fetched_at -= timedelta(seconds=seconds)
        row.minted_at -= timedelta(seconds=seconds)
        row.save()


def bungie_was_asked_just_now():
    """However long this machine took since it was."""
    ProfileSnapshot.objects.update(fetched_at=now())


def refresh(browser, path="/inventory/"):
    """What the page itself does in the background; the answer is the page anew."""
    return browser.get(f"{path}{'&' if '?' in path else '?'}refresh=1", headers={"HX-Request": "true"})


def forget_everything():
    ProfileSnapshot.objects.all().delete()


def now():
    return timezone.now()
