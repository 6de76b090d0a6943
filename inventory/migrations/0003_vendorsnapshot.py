import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("inventory", "0002_trouble")]

    operations = [
        migrations.CreateModel(
            name="VendorSnapshot",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[("maintenance", "Maintenance"), ("throttled", "Throttled"), ("silent", "Silent")],
                        max_length=11,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("here", models.BooleanField(default=False)),
                ("here_since", models.DateTimeField(null=True)),
                ("stocked_at", models.DateTimeField(null=True)),
                ("packed", models.BinaryField(default=bytes)),
                (
                    "membership",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="accounts.membership"
                    ),
                ),
            ],
        ),
    ]
