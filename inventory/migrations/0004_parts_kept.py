from django.db import migrations, models

TROUBLES = [
    ("maintenance", "Maintenance"),
    ("throttled", "Throttled"),
    ("silent", "Silent"),
    ("sign_in", "Sign In"),
    ("refused", "Refused"),
]


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_vendorsnapshot")]

    operations = [
        migrations.AddField("profilesnapshot", "digest", models.CharField(default="", max_length=32)),
        migrations.AlterField(
            "profilesnapshot", "trouble", models.CharField(blank=True, choices=TROUBLES, max_length=11)
        ),
        migrations.AlterField(
            "vendorsnapshot", "trouble", models.CharField(blank=True, choices=TROUBLES, max_length=11)
        ),
    ]
