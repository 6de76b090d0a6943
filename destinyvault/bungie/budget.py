"""Whose turn it is to ask Bungie: one budget for all processes and hosts, kept in Postgres, by Postgres' own clock.

A question takes one round trip: several statements in one string are one transaction, and the lock that it begins with
lets the next question see what this one has decided. It is always a transaction of its own. Inside the caller's, a
roll-back would give back what has been used up at Bungie, and the lock would last as long as the caller's call.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.backends.utils import CursorWrapper

from .enums import PlatformError as Code
from .errors import NotYet, Throttled

log = logging.getLogger("destinyvault.bungie")

SLOTS = 250  # 25 requests a second, over any ten seconds, per source address
# Ten seconds, and what two requests of one slot may differ by on their way from here to Bungie's counter. More would
# cost too much: at 10.4 s a slot, a thousand requests in a row take 41.6 s, where Bungie itself would take 40.
SLOT_SECONDS = 10.4
# The first requests go out almost at once. Once some are under way the others follow evenly: all slots used up in a
# moment would make the next page wait for ten seconds, and so its longest wait is 2.2 s and its turn in the queue.
FEW, FEW_MS, MANY_MS = 50, 4, 40
# The spacing counts from the moment at which Bungie saw the action, at the latest that of its answer. How much of the
# time went by on the way there nobody knows, so all of it is taken for that: a busy machine or a slow line would
# otherwise bring two actions closer together than Bungie allows, and a throttle costs a second at least.
SPACING = 0.1  # between the starts of an account's actions
SLOW_SPACING = 1.0  # of loadouts and tracking
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 300
READ_PATIENCE = 4  # somebody waits for the page
TOKEN_PATIENCE = 2  # a row is locked meanwhile
ACTION_PATIENCE = 5  # a job that has to wait for longer gives its worker back meanwhile
# A turn that is granted is not asked for again before it is used, so it must not lie far ahead: with the action itself
# (client.ACTION_SECONDS) it has to end before another worker takes over an account whose worker has lost Postgres.
LONGEST_GRANT = 4
LOCK = 0x62756467  # any number that nothing else in this database locks
FORGOTTEN_AFTER = "1 hour"  # nothing here matters for longer, and it names people

# By their names about the person: the others are about the application's key or the address, which everybody shares.
OF_THE_ACCOUNT = {
    Code.PerUserThrottleExceeded,
    Code.PerEndpointRequestThrottleExceeded,  # the seconds between two actions that the specification states per user
    Code.DestinyThrottledByGameServer,  # the game's server of that player
}


@dataclass(frozen=True)
class Asker:
    """Who wants to ask: nobody in particular, a Bungie.net account, or one that acts."""

    membership_id: str = ""
    patience: float = READ_PATIENCE
    acts: bool = False
    slowly: bool = False


_noting: ContextVar[Callable[[], None] | None] = ContextVar("noting", default=None)


@contextmanager
def noting(note: Callable[[], None]) -> Iterator[None]:
    """`note()` is called while a request waits for its turn, so that what it takes is hidden in the wait.

    Again where that wait is long: the request starts at most LONGEST_GRANT seconds after the last time. Whatever it
    raises keeps the request from being sent.
    """
    token = _noting.set(note)
    try:
        yield
    finally:
        _noting.reset(token)


@contextmanager
def turn(asker: Asker) -> Iterator[None]:
    """Waits until a request may start; learns from how it ends. Raises NotYet, before anything is sent."""
    backing_off = _wait(asker)
    try:
        yield
    except Throttled as error:
        with _if_possible():
            _hold(asker, error)
        raise
    finally:
        if asker.acts:
            with _if_possible():
                _space(asker)
    if backing_off:
        with _if_possible():
            _ease(asker)


def has_a_queue() -> bool:
    """Whether requests wait for their turn now: what is not urgent can be asked later."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE)
        return bool(cursor.fetchone()[0])


def forget(membership_ids: Iterable[str]) -> None:
    """In the caller's transaction: the person wants to be forgotten, or is not after all."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bungie_turn WHERE membership_id = ANY(%s)", [list(membership_ids)])


def _wait(asker: Asker) -> bool:
    """Whether a throttle is not forgotten yet."""
    end = monotonic() + asker.patience
    note = _noting.get() or _nothing
    note()
    noted_at = monotonic()
    while True:
        left = max(0.0, end - monotonic())
        answer = _ask(asker, min(left, LONGEST_GRANT))
        if answer.granted:
            start = monotonic() + answer.wait
            if start - noted_at > LONGEST_GRANT:
                note()
            sleep(max(0.0, start - monotonic()))
            return answer.backing_off
        if answer.wait > left:
            raise NotYet(
                status="OwnBudget", message="Too much is being asked at once.", throttle_seconds=math.ceil(answer.wait)
            )
        sleep(answer.wait if answer.wait < LONGEST_GRANT else answer.wait - LONGEST_GRANT / 2)


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class _Answer:
    granted: bool
    wait: float
    backing_off: bool


ASK = f"""
SELECT pg_advisory_xact_lock({LOCK});
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
barred AS (
    SELECT greatest(now, max(held_until),
                    max(action_at) FILTER (WHERE %(acts)s), max(slow_action_at) FILTER (WHERE %(slowly)s)) AS until,
           coalesce(bool_or(backoff > 0), false) AS backing_off
    FROM clock LEFT JOIN bungie_turn ON membership_id IN ('', %(membership_id)s)
    GROUP BY now
),
used AS (
    SELECT max(free_at) - interval '{SLOT_SECONDS} s' AS last, min(free_at) AS next,
           count(*) FILTER (WHERE free_at > now) > {FEW} AS many
    FROM bungie_slot, clock
),
planned AS (
    SELECT greatest(now, next, last + CASE WHEN many THEN interval '{MANY_MS} ms' ELSE interval '{FEW_MS} ms' END)
           AS start
    FROM used, clock
),
granted AS (
    UPDATE bungie_slot SET free_at = start + interval '{SLOT_SECONDS} s'
    FROM clock, barred, planned
    WHERE number = (SELECT number FROM bungie_slot ORDER BY free_at LIMIT 1)
      AND until <= now AND start <= now + make_interval(secs => %(longest)s)
    RETURNING start
),
acting AS (
    INSERT INTO bungie_turn (membership_id, held_until, backoff, action_at, slow_action_at)
    SELECT %(membership_id)s, 'epoch', 0, start + interval '{SPACING} s',
           CASE WHEN %(slowly)s THEN start + interval '{SLOW_SPACING} s' ELSE 'epoch' END
    FROM granted WHERE %(acts)s
    ON CONFLICT (membership_id) DO UPDATE
    SET action_at = EXCLUDED.action_at, slow_action_at = greatest(bungie_turn.slow_action_at, EXCLUDED.slow_action_at)
)
SELECT EXISTS (SELECT FROM granted), EXISTS (SELECT FROM bungie_slot), backing_off,
       extract(epoch FROM CASE WHEN until > now THEN until ELSE start END - now)::float
FROM clock, barred, planned
"""  # noqa: S608  (of numbers that stand above)
MAKE_SLOTS = f"""
INSERT INTO bungie_slot (number, free_at) SELECT number, 'epoch' FROM generate_series(1, {SLOTS}) AS number
ON CONFLICT DO NOTHING
"""  # noqa: S608  (of numbers that stand above)


def _ask(asker: Asker, longest: float) -> _Answer:
    values = {
        "membership_id": asker.membership_id,
        "acts": asker.acts,
        "slowly": asker.slowly,
        "longest": longest,
    }
    with _own_transaction() as cursor:
        granted, made, backing_off, wait = _row(cursor, ASK, values)
        if not made:  # the first request ever
            cursor.execute(MAKE_SLOTS)
            granted, made, backing_off, wait = _row(cursor, ASK, values)
    return _Answer(granted, wait, backing_off)


# A turn that has been granted and not begun yet.
QUEUE = f"""
SELECT coalesce(max(free_at) - interval '{SLOT_SECONDS} s' > clock_timestamp(), false) FROM bungie_slot
"""  # noqa: S608  (of numbers that stand above)
# Of several requests that are throttled together only the first one doubles the wait.
HOLD = f"""
SELECT pg_advisory_xact_lock({LOCK});
DELETE FROM bungie_turn WHERE greatest(held_until, action_at, slow_action_at) < now() - interval '{FORGOTTEN_AFTER}';
INSERT INTO bungie_turn AS held (membership_id, held_until, backoff, action_at, slow_action_at)
SELECT %(membership_id)s, clock_timestamp() + make_interval(secs => coalesce(%(asked)s, {FIRST_BACKOFF})),
       CASE WHEN %(asked)s IS NULL THEN {FIRST_BACKOFF} ELSE 0 END, 'epoch', 'epoch'
ON CONFLICT (membership_id) DO UPDATE
SET (backoff, held_until) = (
    SELECT CASE WHEN %(asked)s IS NULL THEN seconds ELSE held.backoff END,
           greatest(held.held_until, clock_timestamp() + make_interval(secs => coalesce(%(asked)s, seconds)))
    FROM (SELECT CASE WHEN held.held_until > clock_timestamp() AND held.backoff > 0 THEN held.backoff
                      ELSE least({LONGEST_BACKOFF}, greatest({FIRST_BACKOFF}, held.backoff * 2)) END AS seconds)
         AS doubled
)
"""  # noqa: S608  (of numbers that stand above)
EASE = f"""
UPDATE bungie_turn SET backoff = CASE WHEN backoff > {FIRST_BACKOFF} THEN backoff / 2 ELSE 0 END
WHERE membership_id IN ('', %(membership_id)s)
"""  # noqa: S608  (of numbers that stand above)
SPACE = f"""
UPDATE bungie_turn
SET action_at = greatest(action_at, clock_timestamp() + interval '{SPACING} s'),
    slow_action_at = CASE WHEN %(slowly)s THEN greatest(slow_action_at, clock_timestamp() + interval '{SLOW_SPACING} s')
                     ELSE slow_action_at END
WHERE membership_id = %(membership_id)s
"""  # noqa: S608  (of numbers that stand above)


def _space(asker: Asker) -> None:
    with _own_transaction() as cursor:
        cursor.execute(SPACE, {"membership_id": asker.membership_id, "slowly": asker.slowly})


def _hold(asker: Asker, error: Throttled) -> None:
    membership_id = asker.membership_id if error.code in OF_THE_ACCOUNT else ""
    with _own_transaction() as cursor:
        cursor.execute(HOLD, {"membership_id": membership_id, "asked": error.throttle_seconds or None})


def _ease(asker: Asker) -> None:
    with _own_transaction() as cursor:
        cursor.execute(EASE, {"membership_id": asker.membership_id})


@contextmanager
def _if_possible() -> Iterator[None]:
    """Bungie has answered: that counts, whether it can be noted down or not."""
    try:
        yield
    except (DatabaseError, InterfaceError):
        log.warning("How Bungie answered could not be noted in the shared request budget.", exc_info=True)


@contextmanager
def _own_transaction() -> Iterator[CursorWrapper]:
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    with closing(connections.create_connection(connection.alias)) as own, own.cursor() as cursor:
        yield cursor


def _row(cursor: CursorWrapper, sql: str, values: dict[str, Any]) -> tuple[Any, ...]:
    cursor.execute(sql, values)
    return cursor.fetchone()
