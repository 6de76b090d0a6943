from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_move_others'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='listed',
            field=models.BooleanField(default=True, help_text='among those that Bungie says can be played'),
        ),
    ]
