import django.db.models.deletion
import records.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('districts', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7)),
                ('started_at', models.DateTimeField(default=records.clock.now)),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by_label', models.CharField(max_length=200)),
                ('total', models.PositiveSmallIntegerField()),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('queued', 'queued'), ('running', 'running'), ('ready', 'ready'), ('failed', 'failed')], default='queued', max_length=8)),
                ('error', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-started_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'ready', 'failed'])), name='report_run_state_known'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='report_run_within_its_total'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['queued', 'running'])), models.Q(('ended_at__isnull', False), ('state__in', ['ready', 'failed'])), _connector='OR'), name='finished_report_run_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='failed_report_run_says_why'), models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('month',), name='one_report_run_of_a_month_at_once')],
            },
        ),
        migrations.CreateModel(
            name='RunReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='progress.reportrun')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('language', models.CharField(max_length=2)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.paper')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('run', 'district', 'language'), name='a_run_makes_a_report_once'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'ml'])), name='run_report_language_known')],
            },
        ),
        migrations.CreateModel(
            name='Narrative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='narratives', to='districts.district')),
                ('month', models.CharField(max_length=7)),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.CharField(max_length=200)),
                ('post_ml', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=records.clock.now)),
            ],
            options={
                'ordering': ['district', 'month', '-version'],
                'constraints': [models.UniqueConstraint(fields=('district', 'month', 'version'), name='narrative_version_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='narrative_says_something')],
            },
        ),
    ]
