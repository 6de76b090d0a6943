from django.db import migrations


class Migration(migrations.Migration):
    """How Postgres keeps the JSON.

    EXTERNAL is without compression. Compressing (pglz, the only kind of a server built without lz4) is half the work of
    a COPY, and unpacking a third of that of a look-up; it would spare two thirds of some 250 MB for each language.

    No statistics: nobody searches by these columns, and ANALYZE would read thousands of large values after an import.
    """

    dependencies = [("manifest", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE manifest_definition ALTER COLUMN json SET STORAGE EXTERNAL,"
            " ALTER COLUMN json SET STATISTICS 0, ALTER COLUMN digest SET STATISTICS 0",
            "ALTER TABLE manifest_definition ALTER COLUMN json SET STORAGE EXTENDED,"
            " ALTER COLUMN json SET STATISTICS -1, ALTER COLUMN digest SET STATISTICS -1",
        )
    ]
