"""The staff's pages of jobs: each page's time against the half second allowed, with 100,000 jobs of a million steps.

A page is timed in one process, from request to whole response, at the median of some rounds. With KEEP_JOBS=1 the next
run takes the jobs as the last one left them, with new migrations applied.
"""

import os
import statistics
from datetime import timedelta
from urllib.parse import urlencode

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from inventory.models import Step, Transfer
from tests.bench.admin import MOST_MS, ROUNDS, signed_in, timed
from tests.bench.databases import own_database
from tests.bench.targets import say, tell

LIST = "/admin/inventory/transfer/"
KEPT = bool(os.environ.get("KEEP_JOBS"))
PEOPLE, JOBS, LARGE, STEPS_OF_LARGE = 2_000, 100_000, 10, 1_000  # the newest are large

FILL = [
    """
    INSERT INTO accounts_user (id, username, first_name, last_name, email, password, is_staff, is_active, is_superuser,
                               date_joined)
    SELECT n, 'player' || n, 'Player ' || n, '', '', '', false, true, false, now() FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO accounts_bungieaccount (id, user_id, membership_id, display_name, sign_in_needed)
    SELECT n, n, 20000000 + n, 'Account ' || md5(n::text), false FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO accounts_membership (id, account_id, membership_type, membership_id, display_name, code, icon_path,
                                     applicable_types, is_cross_save_primary, chosen)
    SELECT n, n, 3, 4611686018400000000 + n, 'Guardian ' || md5(n::text), n %% 10000, '', '{}', false, true
    FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO inventory_transfer (id, membership_id, action, wants, move_others, refusals, key, status, waits_for,
                                    message, worker, takeovers, created_at, started_at, finished_at)
    SELECT n, 1 + n %% %(people)s, (ARRAY['move', 'equip', 'lock', 'pull', 'room'])[1 + n %% 5], wishes, true,
           CASE WHEN n %% 20 = 0 THEN '[{"want": 0, "code": "no_room", "message": "There is no room for it."}]'::jsonb
                ELSE '[]' END,
           n, CASE WHEN n %% 500 = 0 THEN 'parked' WHEN n %% 20 = 0 THEN 'failed' ELSE 'done' END,
           CASE WHEN n %% 500 = 0 THEN 'maintenance' ELSE '' END, 'All ' || n %% 16 || ' are done.', '', 0, at, at,
           CASE WHEN n %% 500 = 0 THEN NULL ELSE at + interval '9 seconds' END
    FROM generate_series(1, %(jobs)s) n, LATERAL (SELECT now() - (%(jobs)s - n) * interval '20 seconds' AS at) t,
         LATERAL (
            SELECT jsonb_agg(jsonb_build_object(
                'kind', 'move', 'item_id', (6917529000000000000 + n %% %(people)s * 1000 + (n + k) %% 1000)::text,
                'item_hash', 1000000 + k, 'quantity', 0, 'source', '', 'to', 'vault', 'moved', 0, 'on_the_way', 0
            )) AS wishes
            FROM generate_series(1, CASE WHEN n > %(jobs)s - %(large)s THEN %(large_steps)s ELSE 1 + n %% 16 END) k
         ) w
    """,
    """
    INSERT INTO inventory_step (transfer_id, number, want, kind, why, item_id, item_ids, item_hash, quantity,
                                character_id, bucket_hash, max_stack, account_wide, status, code, said, message,
                                outcomes, found, sent_at, finished_at)
    SELECT n, k, k, 'to_vault', CASE WHEN k %% 10 = 0 THEN 'room' ELSE 'wanted' END,
           6917529000000000000 + n %% %(people)s * 1000 + (n + k) %% 1000, '{}', 1000000 + k, 1,
           2305843009200000000 + n %% %(people)s, 1498876634, 1, false, 'done', 1, '', 'Bungie has moved it.',
           '{}', '{"7": [[null, 138197802, 1]]}', now(), now()
    FROM generate_series(1, %(jobs)s) n,
         generate_series(1, CASE WHEN n > %(jobs)s - %(large)s THEN %(large_steps)s ELSE 10 END) k
    """,
]


def main() -> None:
    with own_database("bench_jobs", kept=KEPT), override_settings(ALLOWED_HOSTS=["*"]):
        if Transfer.objects.count() < JOBS:
            fill()
        say(f"Admin with {Transfer.objects.count():,} jobs of {Step.objects.count():,} steps")
        browser = signed_in()
        for name, address in pages().items():
            times = sorted(timed(browser, address) for _ in range(ROUNDS))
            tell(name, statistics.median(times), " ms", at_most=MOST_MS, note=f"at most {times[-1]:.0f}")


def fill() -> None:
    numbers = {"people": PEOPLE, "jobs": JOBS, "large": LARGE, "large_steps": STEPS_OF_LARGE}
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, numbers)
        cursor.execute("SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), %s)", [PEOPLE])
        cursor.execute("VACUUM ANALYZE")


def pages() -> dict[str, str]:
    common = Step.objects.filter(transfer=JOBS // 2).order_by("number")
    wanted, aside = common[0].item_id, common[9].item_id
    return {
        "list": listed(),
        "list, last page": listed(p=JOBS // 50),
        "by their end, last page": listed(o=7, p=JOBS // 50),
        "done, last page": listed(status__exact="done", p=1_800),
        "failed": listed(status__exact="failed"),
        "waiting": listed(status__exact="parked", waits_for__exact="maintenance"),
        "one action, last page": listed(action__exact="equip", p=400),
        "of the last hour": listed(created_at__gte=timezone.now() - timedelta(hours=1)),
        "player's name": listed(q="Guardian c4ca4238"),
        "account's name": listed(q="Account c4ca4238"),
        "part of all names, last page": listed(q="guardian", p=JOBS // 50),
        "no such name": listed(q="nobody at all"),
        "Destiny id": listed(q="4611686018400000007"),
        "item of a wish": listed(q=wanted),
        "item moved aside": listed(q=aside),
        "item that nobody has": listed(q="6917529999999999999"),
        "job of ten steps": f"{LIST}{JOBS // 2}/change/",
        "job of a thousand": f"{LIST}{JOBS}/change/",
    }


def listed(**query: object) -> str:
    return f"{LIST}?{urlencode(query)}"
