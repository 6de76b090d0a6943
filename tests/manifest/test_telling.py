"""The staff's pages about who hears of the Manifest, and what becomes of an address when its owner leaves."""

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import User
from manifest import announcing, delivery
from manifest.models import Announcement, Revision, Subscription

pytestmark = pytest.mark.django_db
MINE = "/admin/manifest/subscription/mine/"
LIST = "/admin/manifest/subscription/"


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", email="staff@example.org", is_staff=True)
    client.force_login(user)
    return user


def subscription(name="other", email="other@example.org", **fields):
    user = User.objects.create_user(name, is_staff=True)
    return Subscription.objects.create(user=user, email=email, **fields)


def change(row):
    return reverse("admin:manifest_subscription_change", args=[row.pk])


def test_staff_without_any_permission_ask_for_themselves(client, staff):
    form = client.get(MINE, follow=True)
    assert form.redirect_chain[-1][0] == "/admin/manifest/subscription/add/"
    assert 'value="staff@example.org"' in form.text
    client.post(form.redirect_chain[-1][0], {"email": "me@example.org", "live": "on"})
    row = Subscription.objects.get()
    assert (row.user, row.email, row.live, row.failures) == (staff, "me@example.org", True, False)
    assert client.get(MINE).url == change(row)


def test_who_asks_is_told_that_the_site_sends_no_e_mail(client, staff, settings):
    wish = {"email": "me@example.org", "live": "on"}
    assert "EMAIL_URL is not set" not in client.post(f"{LIST}add/", wish, follow=True).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "EMAIL_URL is not set" in client.post(change(Subscription.objects.get()), wish, follow=True).text


def test_they_change_and_delete_their_own(client, staff):
    row = Subscription.objects.create(user=staff, email="me@example.org")
    client.post(change(row), {"email": "new@example.org", "failures": "on"})
    row.refresh_from_db()
    assert (row.email, row.live, row.failures) == ("new@example.org", False, True)
    client.post(reverse("admin:manifest_subscription_delete", args=[row.pk]), {"post": "yes"})
    assert not Subscription.objects.exists()


def test_nobody_has_two(client, staff):
    Subscription.objects.create(user=staff, email="me@example.org")
    assert client.get("/admin/manifest/subscription/add/").status_code == 403


def test_staff_neither_see_nor_change_anothers(client, staff):
    theirs = subscription()
    assert "other@example.org" not in client.get(LIST).text
    assert client.post(change(theirs), {"email": "stolen@example.org"}).status_code == 302
    theirs.refresh_from_db()
    assert theirs.email == "other@example.org"


def test_superusers_see_all_and_change_only_their_own(admin_client):
    theirs = subscription()
    assert "other@example.org" in admin_client.get(LIST).text
    assert "other@example.org" in admin_client.get(change(theirs)).text
    assert admin_client.post(change(theirs), {"email": "stolen@example.org"}).status_code == 403
    delete = reverse("admin:manifest_subscription_delete", args=[theirs.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [theirs.pk], "post": "yes"}
    admin_client.post(LIST, chosen)
    assert Subscription.objects.get().email == "other@example.org"


def test_people_who_are_not_staff_reach_none_of_it(client):
    client.force_login(User.objects.create_user("player"))
    assert client.get(MINE).status_code == 302
    assert client.get(LIST).url.startswith("/admin/login/")


def test_messages_are_listed_with_what_became_of_them(admin_client):
    subscription()
    announcing.went_live(Revision.objects.create(language="en", version="232", path="/en.content"))
    Announcement.objects.update(status="failed", attempts=7, error="The mail server cannot be reached: refused.")
    text = admin_client.get("/admin/manifest/announcement/?status__exact=failed").text
    assert "Manifest 232 is live" in text
    assert "given up" in text
    assert "cannot be reached: refused" in text
    row = Announcement.objects.get()
    assert admin_client.get("/admin/manifest/announcement/add/").status_code == 403
    assert admin_client.post(f"/admin/manifest/announcement/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_who_deletes_their_data_leaves_no_address_behind(client):
    mine = subscription("leaving", "leaving@example.org")
    announcing.went_live(Revision.objects.create(language="en", version="232", path="/en.content"))
    delivery.deliver()
    assert Announcement.objects.get().status == "sent"
    client.force_login(mine.user)
    assert "Your data is deleted" in client.post("/settings/delete/").text
    for model in apps.get_app_config("manifest").get_models():
        assert "leaving" not in str(list(model._base_manager.values()))
