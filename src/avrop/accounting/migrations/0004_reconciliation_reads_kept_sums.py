"""The sums of a reconciliation are kept as they change: here they are counted from the rows for the first time."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count, Sum


def count(apps: Any, _schema: Any) -> None:
    """What is released, sent, posted, rejected and booked of each buyer."""
    batches, items, postings, kept = (
        apps.get_model("accounting", name)._base_manager
        for name in ("PostingBatch", "BatchItem", "Posting", "KeptSum")
    )
    found = [
        (buyer, "released", number, total)
        for buyer, number, total in batches.order_by()
        .values_list("buyer_id")
        .annotate(Sum("count"), Sum("total"))
    ]
    answered = items.order_by().values_list("buyer_id", "state").annotate(Count("state"), Sum("payable"))
    found += list(answered)
    booked = postings.filter(state="posted").order_by().values_list("buyer_id")
    found += [(buyer, "booked", n, total) for buyer, n, total in booked.annotate(Count("state"), Sum("payable"))]
    kept.bulk_create([kept.model(buyer_id=b, what=w, count=n, total=t) for b, w, n, t in found])


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0003_what_is_ready_stands_by_number"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=8)),
                ("count", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                (
                    "buyer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("buyer", "what"), name="kept_sum")],
            },
        ),
        migrations.AddIndex(
            model_name="postingbatch",
            index=models.Index(
                condition=models.Q(
                    models.Q(("state", "answered"), _negated=True),
                    models.Q(("state", "partly"), _negated=True),
                ),
                fields=["buyer", "released_at", "id"],
                name="batch_unsettled",
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
