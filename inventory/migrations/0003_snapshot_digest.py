from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_trouble")]

    operations = [
        migrations.AddField("profilesnapshot", "digest", models.CharField(default="", max_length=32)),
        migrations.AlterField(
            "profilesnapshot",
            "trouble",
            models.CharField(
                blank=True,
                choices=[
                    ("maintenance", "Maintenance"),
                    ("throttled", "Throttled"),
                    ("silent", "Silent"),
                    ("sign_in", "Sign In"),
                    ("refused", "Refused"),
                ],
                max_length=11,
            ),
        ),
    ]
