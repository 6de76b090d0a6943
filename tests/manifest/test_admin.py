import pytest
from django_q.models import Schedule

from manifest import sync
from manifest.errors import ManifestError
from manifest.models import Revision
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)


def test_revisions_are_listed_with_counts_and_errors(staff, import_tables, tmp_path):
    import_tables({made.ITEMS: made.items(*range(1, 1235))})
    with pytest.raises(ManifestError):
        sync.sync("en", file=made.bad_files(tmp_path)["html"][0])
    page = staff.get("/admin/manifest/revision/").content.decode()
    assert "1,234" in page
    assert "HTML" in page
    assert staff.get("/admin/manifest/language/").status_code == 200


def test_revision_can_be_read_but_not_altered(staff, import_tables):
    revision = import_tables({made.ITEMS: made.items(1)})
    address = f"/admin/manifest/revision/{revision.pk}/change/"
    assert staff.get(address).status_code == 200
    assert staff.post(address, {"version": "mine"}).status_code == 403
    assert staff.get("/admin/manifest/revision/add/").status_code == 403
    assert staff.post(f"/admin/manifest/revision/{revision.pk}/delete/").status_code == 403
    assert Revision.objects.get().version == revision.version


@pytest.mark.parametrize("model", ["schedule", "ormq", "success", "failure"])
def test_nobody_hands_the_cluster_a_function_of_their_own(model, staff):
    listed = staff.get(f"/admin/django_q/{model}/")
    assert listed.status_code == 200
    assert "Resubmit" not in listed.text
    assert staff.get(f"/admin/django_q/{model}/add/").status_code == 403


def test_the_schedule_can_be_read_but_not_altered(staff):
    row = Schedule.objects.create(name="a check", func="manifest.tasks.check")
    address = f"/admin/django_q/schedule/{row.pk}/change/"
    assert "manifest.tasks.check" in staff.get(address).text
    assert staff.post(address, {"func": "os.system"}).status_code == 403
    assert staff.post(f"/admin/django_q/schedule/{row.pk}/delete/").status_code == 403
