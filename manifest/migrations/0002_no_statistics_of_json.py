from django.db import migrations


class Migration(migrations.Migration):
    """Nobody searches by these columns, and ANALYZE would unpack thousands of large values after every import."""

    dependencies = [("manifest", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE manifest_definition"
            " ALTER COLUMN json SET STATISTICS 0, ALTER COLUMN digest SET STATISTICS 0",
            "ALTER TABLE manifest_definition"
            " ALTER COLUMN json SET STATISTICS -1, ALTER COLUMN digest SET STATISTICS -1",
        )
    ]
