from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.AddField(
            "profilesnapshot",
            "trouble",
            models.CharField(
                blank=True,
                choices=[("maintenance", "Maintenance"), ("throttled", "Throttled"), ("silent", "Silent")],
                default="",
                max_length=11,
            ),
            preserve_default=False,
        ),
    ]
