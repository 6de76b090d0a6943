import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An address stands in one place, so that it goes with the person whose it is."""

    dependencies = [("manifest", "0004_search")]

    operations = [
        migrations.RemoveField("announcement", "to"),
        migrations.AddField(
            "announcement",
            "subscription",
            models.ForeignKey(
                help_text="whose e-mail it is; the webhook's address stays in the settings",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="manifest.subscription",
            ),
        ),
    ]
