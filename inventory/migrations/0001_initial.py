import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ProfileSnapshot",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="accounts.membership",
                    ),
                ),
                ("minted_at", models.DateTimeField()),
                ("fetched_at", models.DateTimeField()),
                ("packed", models.BinaryField()),
            ],
        ),
    ]
