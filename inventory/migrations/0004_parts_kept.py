import hashlib

from django.db import migrations, models

TROUBLES = [
    ("maintenance", "Maintenance"),
    ("throttled", "Throttled"),
    ("silent", "Silent"),
    ("sign_in", "Sign In"),
    ("refused", "Refused"),
]


def tell_apart(apps, schema_editor):
    """What is worked out of a profile is kept by its digest: rows without one would pass for each other."""
    for row in apps.get_model("inventory", "ProfileSnapshot").objects.all():
        row.digest = hashlib.blake2b(row.packed, digest_size=12).hexdigest()
        row.save(update_fields=["digest"])


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_vendorsnapshot")]

    operations = [
        migrations.AddField("profilesnapshot", "digest", models.CharField(default="", max_length=32)),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AlterField(
            "profilesnapshot", "trouble", models.CharField(blank=True, choices=TROUBLES, max_length=11)
        ),
        migrations.AlterField(
            "vendorsnapshot", "trouble", models.CharField(blank=True, choices=TROUBLES, max_length=11)
        ),
    ]
