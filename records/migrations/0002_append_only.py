from django.db import migrations

from records.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        ("sbs_workflow", "0001_initial"),
    ]
    operations = [migrations.RunPython(install, remove)]
