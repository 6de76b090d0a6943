import pytest
from django.utils import timezone

from accounts.models import ApiKey, Membership, Preferences, User
from manifest.models import Language, Revision
from tests.accounts.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return person()


@pytest.fixture
def mine(client, owner):
    client.force_login(owner)
    return client


def test_visitors_are_sent_to_sign_in(client):
    response = client.get("/settings/")
    assert response.url == "/accounts/bungie/login/?next=/settings/"


@pytest.fixture
def french_too(db, settings):
    """The Manifest is live in both languages."""
    settings.MANIFEST_LANGUAGES = ["en", "fr", "de"]
    for code in ("en", "fr"):
        revision = Revision.objects.create(language=code, version="1", path="/1", status="complete")
        Language.objects.update_or_create(code=code, defaults={"live": revision, "activated_at": timezone.now()})


def test_every_preference_is_kept(mine, owner, french_too):
    assert "Français" in mine.get("/settings/").text
    chosen = {"language": "fr", "theme": "light", "sort": "newest", "tile_size": "72"}
    response = mine.post("/settings/", chosen, follow=True)
    assert "saved" in response.text
    kept = Preferences.objects.get(user=owner)
    assert (kept.language, kept.theme, kept.sort, kept.tile_size) == ("fr", "light", "newest", 72)
    assert mine.cookies["theme"].value == "light"
    told = {"language": "fr", "theme": "light", "sort": "newest", "tile_size": 72, "move_others": True, "folded": []}
    assert mine.get("/api/v1/me").json()["preferences"] == told


def test_other_items_are_never_moved_where_the_person_says_so(mine, owner):
    assert "If needed; the plan is shown" in mine.get("/settings/").text
    mine.post("/settings/", {"move_others": "False"})
    assert not Preferences.objects.get(user=owner).move_others
    mine.post("/settings/", {"theme": "dark"})
    assert not Preferences.objects.get(user=owner).move_others
    mine.post("/settings/", {"move_others": "True"})
    assert Preferences.objects.get(user=owner).move_others


def test_what_is_not_sent_stays_as_it_is(mine, owner):
    Preferences.objects.update(sort="name", tile_size=44, language="fr")
    mine.post("/settings/", {"theme": "light"})
    kept = Preferences.objects.get(user=owner)
    assert (kept.theme, kept.sort, kept.tile_size, kept.language) == ("light", "name", 44, "fr")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("language", "tlh", "This site has no item names in “tlh”. Choose one of the languages in the list."),
        ("language", "de", "This site has no item names in “de”."),  # in the settings, but not read yet
        ("theme", "pink", "There is no theme “pink”."),
        ("move_others", "maybe", "“maybe” is no answer to whether other items may be moved."),
        ("sort", "<b>luck</b>", "Items cannot be ordered by “&lt;b&gt;luck&lt;/b&gt;”."),
        ("tile_size", "57", "Items have no size “57”."),
        ("tile_size", "huge", "Items have no size “huge”."),
    ],
)
def test_a_value_that_is_not_offered_is_refused_in_a_sentence(field, value, sentence, mine, owner, french_too):
    before = Preferences.objects.values().get(user=owner)
    response = mine.post("/settings/", {"language": "en", field: value})
    assert response.status_code == 400
    assert sentence in response.text
    assert Preferences.objects.values().get(user=owner) == before


def test_only_languages_that_are_read_are_offered(mine, french_too):
    page = mine.get("/settings/").text
    assert "Français" in page
    assert "Deutsch" not in page


def test_a_language_that_the_site_no_longer_has_is_a_clear_choice(mine, owner, french_too, settings):
    Preferences.objects.update(language="fr")
    assert "no longer has item names" not in mine.get("/settings/").text
    settings.MANIFEST_LANGUAGES = ["en"]
    page = mine.get("/settings/")
    assert page.status_code == 200
    assert "This site no longer has item names in Français" in page.text
    mine.post("/settings/", {"language": "en"})
    assert "no longer has item names" not in mine.get("/settings/").text


def test_folded_groups_are_listed_and_one_without_its_tick_is_open_again(mine, owner):
    assert "No group of the inventory is folded" in mine.get("/settings/").text
    Preferences.objects.update(folded=["weapons", "general"])
    page = mine.get("/settings/").text
    assert 'value="weapons"' in page
    assert "Weapons" in page
    mine.post("/settings/", {"theme": "dark", "folded": ["general"]})
    assert Preferences.objects.get(user=owner).folded == ["general"]
    response = mine.post("/settings/", {"theme": "dark", "folded": ["armor"]})
    assert "“armor” is no group that is folded now" in response.text
    mine.post("/settings/", {"theme": "dark"})
    assert Preferences.objects.get(user=owner).folded == []


def test_settings_work_for_staff_without_a_bungie_account(client):
    client.force_login(User.objects.create_user("staff"))
    assert client.get("/settings/").status_code == 200
    client.post("/settings/", {"language": "en", "theme": "dark"})
    assert Preferences.objects.get().theme == "dark"


def test_switching_the_platform(mine, owner):
    other = Membership.objects.create(account=owner.bungie, membership_type=1, membership_id="77", display_name="Aro")
    assert "Xbox" in mine.get("/settings/").text
    response = mine.post("/settings/platform/", {"membership": other.pk}, follow=True)
    assert "You now see Aro (Xbox)." in response.text
    assert owner.bungie.memberships.get(chosen=True) == other


def test_a_strangers_membership_cannot_be_chosen(mine, owner):
    theirs = person("Stranger", "9002").bungie.memberships.get()
    mine.post("/settings/platform/", {"membership": theirs.pk})
    assert owner.bungie.memberships.get(chosen=True).account == owner.bungie
    assert Membership.objects.get(pk=theirs.pk).account != owner.bungie


def test_an_api_key_is_shown_once(mine):
    response = mine.post("/settings/keys/", {"name": "my script"})
    start = ApiKey.objects.get().start
    secret = response.text.split('class="api-key">')[1].split("<")[0]
    assert secret.startswith(start)
    assert response["Cache-Control"].startswith("max-age=0")
    assert secret not in mine.get("/settings/").text
    assert mine.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_key_needs_a_name_and_there_is_an_end_to_them(mine, owner, monkeypatch):
    assert mine.post("/settings/keys/", {"name": " "}).status_code == 400
    monkeypatch.setattr("accounts.api_keys.MOST", 1)
    mine.post("/settings/keys/", {"name": "one"})
    response = mine.post("/settings/keys/", {"name": "two"})
    assert response.status_code == 400
    assert "Revoke one" in response.text
    assert owner.api_keys.count() == 1


def test_revoking_a_key(mine, owner):
    mine.post("/settings/keys/", {"name": "my script"})
    mine.post(f"/settings/keys/{owner.api_keys.get().pk}/revoke/")
    assert not owner.api_keys.exists()


def test_a_stranger_cannot_revoke_a_key(mine, client):
    mine.post("/settings/keys/", {"name": "my script"})
    key = ApiKey.objects.get()
    client.force_login(person("Stranger", "9002"))
    assert client.post(f"/settings/keys/{key.pk}/revoke/").status_code == 404
    assert ApiKey.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("address", ["platform/", "keys/", "keys/1/revoke/"])
def test_whoever_had_to_sign_in_before_a_button_worked_comes_back_to_the_settings(client, owner, address):
    to_sign_in = client.post(f"/settings/{address}")
    assert to_sign_in.url == f"/accounts/bungie/login/?next=/settings/{address}"
    client.force_login(owner)
    back = client.get(f"/settings/{address}")
    assert (back.status_code, back.url) == (302, "/settings/")
    assert client.put(f"/settings/{address}").status_code == 405


def test_signing_out_takes_a_post(mine):
    assert "Sign out?" in mine.get("/accounts/logout/").text
    assert mine.get("/settings/").status_code == 200
    assert mine.post("/accounts/logout/").url == "/"
    assert mine.get("/settings/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/password/reset/",
        "/accounts/password/change/",
        "/accounts/3rdparty/",
        "/accounts/3rdparty/signup/",
        "/accounts/reauthenticate/",
    ],
)
def test_passwords_email_and_local_sign_up_have_no_pages(mine, address):
    assert mine.get(address).status_code == 404


def test_the_same_form_sent_twice_makes_one_key(mine, owner):
    first, second = (mine.post("/settings/keys/", {"name": "My phone"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 400)
    assert "You have a key of that name already" in second.text
    assert owner.api_keys.count() == 1
