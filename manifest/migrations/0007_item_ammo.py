from django.db import migrations, models

# Nobody checked it when these were imported: what is no such number counts as none.
_BACKFILL = """
UPDATE manifest_item SET ammo_type = (json #>> '{equippingBlock,ammoType}')::int
FROM manifest_definition
WHERE manifest_definition.id = manifest_item.definition_id AND json #>> '{equippingBlock,ammoType}' ~ '^[1-9][0-9]{0,8}$'
"""


class Migration(migrations.Migration):

    dependencies = [("manifest", "0006_kept_counts")]
    operations = [
        migrations.AddField("item", "ammo_type", models.IntegerField(default=0)),
        migrations.RunSQL(_BACKFILL, migrations.RunSQL.noop),
    ]
