import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ml', models.CharField(blank=True, max_length=120, verbose_name='name in Malayalam')),
                ('code', models.CharField(max_length=3, unique=True, verbose_name='code')),
                ('order', models.PositiveSmallIntegerField(unique=True, verbose_name='order')),
                ('lgd', models.PositiveSmallIntegerField(unique=True, verbose_name='LGD code')),
                ('udyam_code', models.CharField(max_length=2, unique=True, verbose_name='district code in Udyam numbers')),
                ('aliases', models.JSONField(blank=True, default=list, verbose_name='other spellings')),
            ],
            options={
                'verbose_name': 'district',
                'verbose_name_plural': 'districts',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ml', models.CharField(blank=True, max_length=120, verbose_name='name in Malayalam')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('dic', 'District Industries Centre'), ('taluk', 'Taluk Industries Office'), ('directorate', 'Directorate of Industries and Commerce')], max_length=12, verbose_name='kind')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='districts.district', verbose_name='district')),
                ('address', models.TextField(blank=True, verbose_name='address')),
                ('telephone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('demonstration', models.BooleanField(default=False, verbose_name='made for the demonstration')),
            ],
            options={
                'verbose_name': 'office',
                'verbose_name_plural': 'offices',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['dic', 'taluk', 'directorate'])), name='office_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('district__isnull', True), ('kind', 'directorate')), models.Q(models.Q(('kind', 'directorate'), _negated=True), ('district__isnull', False)), _connector='OR'), name='only_the_directorate_has_no_district'), models.UniqueConstraint(condition=models.Q(('kind', 'dic')), fields=('district',), name='one_dic_in_a_district')],
            },
        ),
        migrations.CreateModel(
            name='Taluk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ml', models.CharField(blank=True, max_length=120, verbose_name='name in Malayalam')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taluks', to='districts.district', verbose_name='district')),
            ],
            options={
                'verbose_name': 'taluk',
                'verbose_name_plural': 'taluks',
                'ordering': ['district__order', 'name_en'],
                'constraints': [models.UniqueConstraint(fields=('district', 'name_en'), name='taluk_once_in_its_district')],
            },
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jurisdictions', to='districts.office', verbose_name='office')),
                ('taluk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurisdictions', to='districts.taluk', verbose_name='taluk')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('taluk',), name='a_taluk_has_one_office')],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('name_en', models.CharField(max_length=120, verbose_name='name')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='districts.district', verbose_name='district')),
                ('status', models.CharField(default='to be confirmed', max_length=40, verbose_name='status')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'holiday',
                'verbose_name_plural': 'holidays',
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(fields=('date', 'district'), name='holiday_once_in_its_district'), models.UniqueConstraint(condition=models.Q(('district__isnull', True)), fields=('date',), name='holiday_once_in_the_state')],
            },
        ),
    ]
