"""The task that does a job's steps at Bungie.net."""


def run(transfer_id: int) -> None:
    """One job, as far as it goes now."""
    raise NotImplementedError
