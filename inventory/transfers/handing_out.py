"""To whichever worker of the cluster is free."""

from django.db import transaction
from django_q.tasks import async_task

TASK = "inventory.transfers.runner.run"


def hand_out(transfer_id: int) -> None:
    """It commits with the caller's rows, and by itself else.

    Always in a transaction: outside of one, django-q would close a connection that is a minute old, and with it a
    worker's hold on the account.
    """
    with transaction.atomic():
        async_task(TASK, transfer_id, task_name=f"transfer {transfer_id}", save=False)
