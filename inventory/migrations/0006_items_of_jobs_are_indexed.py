import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_transfers")]

    operations = [
        migrations.AddIndex(
            "step",
            models.Index(
                fields=["item_id", "transfer"],
                condition=models.Q(("item_id", None), _negated=True),
                name="steps_of_an_item",
            ),
        ),
        migrations.AddIndex(
            "transfer",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.Func(
                        "wants",
                        template="jsonb_path_query_array(%(expressions)s, '$[*].item_id')",
                        output_field=models.JSONField(),
                    ),
                    name="jsonb_path_ops",
                ),
                name="wanted_items",
            ),
        ),
    ]
