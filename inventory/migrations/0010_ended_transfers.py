from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0009_takeovers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['finished_at'], name='ended_transfers'),
        ),
    ]
