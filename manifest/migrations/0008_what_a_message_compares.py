from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("manifest", "0007_item_ammo")]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="compared_with",
            field=models.IntegerField(null=True, help_text="the revision that was live before"),
        ),
    ]
