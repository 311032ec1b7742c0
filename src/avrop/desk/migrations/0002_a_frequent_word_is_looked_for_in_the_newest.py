"""Every purchase gets the word that all of them mention; what a search reads stands in one index."""

from typing import Any

from django.db import migrations, models


def mark(apps: Any, _schema: Any) -> None:
    """One more mention for each purchase that is in the index already."""
    mention = apps.get_model("desk", "Mention")
    known = mention._base_manager.order_by("buyer_id", "stream").values_list("buyer_id", "stream")
    rows = known.annotate(began=models.Min("at")).iterator(chunk_size=2000)
    some: list[Any] = []
    for buyer, stream, at in rows:
        some.append(mention(buyer_id=buyer, stream=stream, word=b"", at=at))
        if len(some) == 500:
            mention._base_manager.bulk_create(some, ignore_conflicts=True)
            some.clear()
    mention._base_manager.bulk_create(some, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_the_chain_holds"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="mention", name="mention_word"),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["buyer", "word", "at", "stream"], name="mention_found"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
