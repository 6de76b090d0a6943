"""What has to hold when a job has ended, by the sandbox's items and its journal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from inventory.profile import HeldItem
from inventory.snapshots import Seen
from inventory.transfers.doubts import AS_SAID
from inventory.transfers.holdings import GENERAL, LOST_ITEMS, VAULT
from inventory.transfers.models import Status, Step, StepStatus, Transfer, WaitsFor
from inventory.transfers.runner import MISTAKE
from inventory.transfers.steps import EQUIPS, LOCKS, StepKind
from inventory.transfers.telling import LOCK_CHANGED
from inventory.transfers.wants import Kind, Want
from tests.chaos.transfers import rules
from tests.chaos.transfers.case import Case
from tests.chaos.transfers.disasters import FINAL, TROUBLE
from tests.chaos.transfers.truth import Thing, inventory_list

OPERATIONS = {
    StepKind.TO_VAULT: "TransferItem",
    StepKind.TO_CHARACTER: "TransferItem",
    StepKind.PULL: "PullFromPostmaster",
    StepKind.EQUIP: "EquipItem",
    StepKind.EQUIP_MANY: "EquipItems",
    StepKind.LOCK: "SetItemLockState",
    StepKind.UNLOCK: "SetItemLockState",
}
# A worker that is killed leaves a call without an answer, Bungie's yes waits for a profile that shows it, and forty
# accounts wait for each other's requests: the address has its limit.
ANY_TIME = {WaitsFor.ANSWER, WaitsFor.SHOWN, WaitsFor.THROTTLED}
TRIES = 4  # of what the contract does not call final, before a wish is given up
Call = tuple[str, str, str, str, int]  # operation, items, character, direction, amount


def of_items(case: Case) -> Iterable[str]:
    """What holds whatever was asked for."""
    if inventory_list(case.after) != inventory_list(case.before) - case.destroyed:
        yield "items were lost or doubled"
    twice = [key for key, count in Counter(each.id for each in case.after if each.id).items() if count > 1]
    if twice:
        yield f"in two places: {twice}"


def of_locks(case: Case, message: str = "") -> Iterable[str]:
    """A lock changes where that was asked for, and nowhere else (K11)."""
    asked = {want.item_id for want in case.wants if want.kind in (Kind.LOCK, Kind.UNLOCK)}
    spared = asked | case.touched | ({each["item"] for each in case.journal} if LOCK_CHANGED in message else set())
    was = {each.id: each.locked for each in case.before if each.id and each.id not in spared}
    changed = [each.id for each in case.after if each.id in was and each.locked != was[each.id]]
    if changed:
        yield f"the locks of {changed} changed, which nobody asked for"


def of_waits(waited: Iterable[str], drawn: Iterable[WaitsFor]) -> Iterable[str]:
    causeless = set(waited) - {*drawn, *ANY_TIME}
    if causeless:
        yield f"waited for {', '.join(sorted(causeless))}, and nothing of that kind was the matter"


def of_calls(case: Case, steps: Sequence[Step]) -> Iterable[str]:
    """Each effect at the sandbox is one step that says so, with the same amount; and the other way round."""
    happened = Counter(call_of(each) for each in case.journal if each["effect"])
    idle = Counter(call_of(each) for each in case.journal if each["idle"])
    told = Counter(call(each) for each in steps if each.status == StepStatus.DONE)
    open_ones = Counter(call(each) for each in steps if each.status == StepStatus.UNKNOWN)
    as_it_was = Counter(call(each) for each in steps if each.status == StepStatus.DONE and was_so(each, case))
    twice = _untouched(happened - told - open_ones, case)
    if twice:
        yield f"took effect without a step that says so: {dict(twice)}"
    missing = _untouched(told - happened - idle - as_it_was, case, case.believed)
    if missing:
        yield f"said done without an effect: {dict(missing)}"
    heard = {(each["operation"], each["item"], each["code"]) for each in case.journal}
    answered = (StepStatus.DONE, StepStatus.FAILED, StepStatus.UNKNOWN)  # else the token endpoint may have said it
    for step in (each for each in steps if each.code and each.status in answered):
        if (OPERATIONS[StepKind(step.kind)], items_of(step), step.code) not in heard:
            yield f"step {step.number} tells of code {step.code}, which Bungie never sent for it"


def was_so(step: Step, case: Case) -> bool:
    """Settled by reading, since its answer was lost: what was worn or locked as it should be needs no effect."""
    thing = case.thing(step.item_id)
    if step.code or thing is None or step.kind == StepKind.EQUIP_MANY:
        return False
    if step.kind in LOCKS:
        return thing.locked is (step.kind == StepKind.LOCK)
    return step.kind in EQUIPS and thing.equipped and thing.owner == step.character_id


def call_of(entry: dict[str, Any]) -> Call:
    moves = entry["operation"] in ("TransferItem", "PullFromPostmaster")
    direction = "vault" if entry["to"] == "vault" else ""
    return entry["operation"], entry["item"], entry["character"], direction, entry["quantity"] if moves else 1


def call(step: Step) -> Call:
    kind = StepKind(step.kind)
    direction = "vault" if kind == StepKind.TO_VAULT else ""
    return OPERATIONS[kind], items_of(step), step.character_id, direction, step.quantity


def items_of(step: Step) -> str:
    return ",".join(step.item_ids) or step.item_id or str(step.item_hash)


def _untouched(calls: Counter[Call], case: Case, spared: Iterable[str] = ()) -> Counter[Call]:
    """The player may have done what the call was sent for."""
    spared = case.touched | set(spared)
    return Counter({what: count for what, count in calls.items() if not spared & set(what[1].split(","))})


def believed(journal: Iterable[dict[str, Any]], transfers: Iterable[Transfer]) -> set[str]:
    """Items of which Bungie has only said so, or not done yet (#770): a job that another one waits for tells that
    itself, and one that was cancelled looks no more."""
    if not any(AS_SAID in each.message or each.status == Status.CANCELLED for each in transfers):
        return set()
    lied = [each["item"] for each in journal if each["fault"].keys() & {"no_effect", "lag"}]
    return {item for items in lied for item in items.split(",")}


def of_end(case: Case, transfer: Transfer, steps: Sequence[Step]) -> Iterable[str]:
    """What the job says of itself is so."""
    if any(each.status in (StepStatus.RUNNING, StepStatus.WAITING) for each in steps):
        yield "a step is still to be done in an ended job"
    if transfer.status == Status.DONE and any(each.status == StepStatus.UNKNOWN for each in steps):
        yield "done, and the outcome of a step is not known"
    if not transfer.message or MISTAKE in transfer.message:
        yield f"ended with {transfer.message!r}"
    refused = {each["want"]: each for each in transfer.refusals}
    spared = case.touched | (case.believed if AS_SAID in transfer.message else set())
    if transfer.status == Status.FAILED and len(refused) < len(case.wants):
        yield "failed, though not all of it was refused"
    for number, want in enumerate(case.wants):
        if number in refused:
            yield from of_refusal(case, want, refused[number]["code"], [each for each in steps if meant(each, number)])
        elif transfer.status == Status.DONE and not (
            spared & {want.item_id or str(want.item_hash)} or is_met(want, case)
        ):
            yield f"said done, but is not: {want}"


def meant(step: Step, number: int) -> bool:
    """Several that are equipped together are steps of each of their wishes."""
    return step.want == number or bool(step.item_ids)


def of_refusal(case: Case, want: Want, code: str, steps: Sequence[Step]) -> Iterable[str]:
    """A wish is refused where Bungie's no is final or came again and again, and where the game's rules say no."""
    if want.item_id in case.touched:
        return
    if code != "refused":
        if not rules.fits(code, case, want):
            yield f"{want} was refused as {code!r}, and that is not so"
        return
    own = [(each, each.outcomes.get(want.item_id, each.code)) for each in steps]
    codes = [code for each, code in own for code in (code, *each.outcomes.values())]
    failed = sum(each.status == StepStatus.FAILED and code not in TROUBLE for each, code in own)
    if failed < TRIES and not set(codes) & set(FINAL):
        yield f"{want} was refused for good after {codes}"
    if want.kind is Kind.MOVE and want.item_id and is_met(want, case):
        yield f"{want} was refused, but is met"


def of_others(case: Case, move_others: bool) -> Iterable[str]:
    """Nothing else is touched, where the person said so; what is taken off by what is put on was worn in its place."""
    if any(want.kind is Kind.ROOM for want in case.wants):  # what it moves is what was asked for
        return
    named = {want.item_id or str(want.item_hash) for want in case.wants}
    moved = {item for each in case.journal if each["effect"] for item in each["item"].split(",")}
    if not move_others and moved - named:
        yield f"touched {moved - named}, though other items were to be left alone"


def of_undo(case: Case) -> Iterable[str]:
    """What was wished for is as it was before; out of the postmaster there is no way back."""
    was = {each.id: each for each in case.before if each.id and not each.is_lost}
    for want in case.wants:
        now, before = case.thing(want.item_id), was.get(want.item_id)
        if want.item_id is None and want.kind in (Kind.MOVE, Kind.CONSOLIDATE):
            places = [
                [amount(some, want.item_hash, at) for at in ("vault", "account")] for some in (case.before, case.after)
            ]
            if places[0] != places[1]:
                yield f"undone, but of {want} there were {places[0]} and are {places[1]} (vault, account)"
        elif now and before and want.item_id not in case.touched and _how(now) != _how(before):
            yield f"undone, but {want} was {_how(before)} and is {_how(now)}"


def _how(thing: Thing) -> tuple[object, ...]:
    return thing.place, thing.bucket, thing.equipped, thing.locked


def of_no_way(case: Case, refusals: Iterable[Any]) -> Iterable[str]:
    """Nothing was queued: all is so already, or cannot be."""
    for each in refusals:
        if each.code == "already_there":
            if not all(want.item_id in case.touched or is_met(want, case) for want in case.wants):
                yield f"is there already, it says, and is not: {case.wants}"
        else:
            yield from of_refusal(case, case.wants[each.want], each.code, ())


def is_met(want: Want, case: Case) -> bool:
    if want.item_id is None:
        return _stack_is_met(want, case)
    thing = case.thing(want.item_id)
    if thing is None:
        return False
    match want.kind:
        case Kind.LOCK | Kind.UNLOCK:
            return thing.locked is (want.kind is Kind.LOCK)
        case Kind.EQUIP:
            return thing.equipped and thing.owner == want.to
        case Kind.PULL:
            return not thing.is_lost
    return thing.place == want.to and not thing.is_lost


def _stack_is_met(want: Want, case: Case) -> bool:
    """Just so much more there, and no more than that."""
    if want.kind is Kind.ROOM:
        return rules.in_slot(case.after, want.item_hash, want.to) <= rules.SLOT - want.quantity
    if want.kind is Kind.CONSOLIDATE:
        there = [each.place for each in case.after if each.hash == want.item_hash and not each.is_lost]
        return set(there) == {"vault" if want.to == "vault" else "account"}
    if want.kind is Kind.PULL:
        lost = (each for each in case.after if each.is_lost and each.hash == want.item_hash and each.owner == want.to)
        return all(each.stack_label for each in lost)  # of those only as much as fits (F9)
    place = "vault" if want.to == "vault" else "account"
    return amount(case.after, want.item_hash, place) == amount(case.before, want.item_hash, place) + want.quantity


def amount(all_things: Iterable[Thing], item_hash: int, place: str) -> int:
    return sum(each.quantity for each in all_things if each.hash == item_hash and each.place == place)


def of_cancelled(case: Case, transfer: Transfer, steps: Sequence[Step]) -> Iterable[str]:
    """Where the one item is that was not moved yet (K10)."""
    left = [want for want in case.wants if want.kind is Kind.MOVE and not is_met(want, case)]
    if len(case.wants) > 1 or not left or any(each.status == StepStatus.UNKNOWN for each in steps):
        return
    name = left[0].item_id or str(left[0].item_hash)
    spared = case.touched | (case.believed if AS_SAID in transfer.message else set())
    places = {where(each) for each in case.after if each.id == left[0].item_id and each.hash == left[0].item_hash}
    if name not in spared and not any(each in transfer.message for each in places):
        yield f"cancelled with {transfer.message!r}, and it is {places}"


def where(thing: Thing) -> str:
    if thing.is_lost:
        return "in the postmaster of"
    return "in the vault" if thing.is_in_vault else "with your" if thing.owner else "in what all your characters share"


def of_page(seen: Seen, after: Sequence[Thing], unseen: set[str]) -> Iterable[str]:
    """What the page shows without another question to Bungie: where each item is, whether worn and locked, how many."""
    shown, shown_stacks = _as_seen(seen)
    real = {each.id: (each.owner, each.bucket, each.equipped, each.locked) for each in after if each.id}
    wrong = {key: (shown.get(key), how) for key, how in real.items() if shown.get(key) != how and key not in unseen}
    if wrong:
        yield f"the page shows items as they are not (shown, real): {dict(list(wrong.items())[:3])}"
    extra = shown.keys() - real.keys() - unseen
    if extra:
        yield f"the page shows items that are not there: {sorted(extra)[:3]}"
    stacks: Counter[tuple[int, str, int]] = Counter()
    currencies = {each.hash for each in seen.profile.currencies}
    for each in after:
        if each.id is None and each.hash not in currencies:
            stacks[each.hash, each.owner, each.bucket] += each.quantity
    told = {key: (shown_stacks[key], many) for key, many in stacks.items() if str(key[0]) not in unseen}
    wrong_stacks = {key: how for key, how in told.items() if how[0] != how[1]}
    if wrong_stacks:
        yield f"the page shows stacks as they are not (shown, real): {dict(list(wrong_stacks.items())[:3])}"


def of_what_is_kept(seen: Seen, evidence: datetime, moves: Iterable[Step]) -> Iterable[str]:
    """What Bungie said yes to since the profile was made shows all the same (K3). `moves` are each item's last."""
    shown = {held.instance_id: held for held in seen.profile.items if held.instance_id}
    for step in moves:
        held = shown.get(step.item_id)
        if step.finished_at > evidence and not (held and _is_there(step, held)):
            place = held and (held.owner, held.bucket_hash)
            yield f"the page shows {step.item_id} at {place}, as it was before Bungie said yes to {step.kind}"


def _is_there(step: Step, held: HeldItem) -> bool:
    if step.kind == StepKind.TO_VAULT:
        return (held.owner, held.bucket_hash) == VAULT
    return held.owner in (step.character_id, None) and held.bucket_hash not in (GENERAL, LOST_ITEMS)


def _as_seen(seen: Seen) -> tuple[dict[str, tuple[Any, ...]], Counter[tuple[int, str, int]]]:
    stacks: Counter[tuple[int, str, int]] = Counter()
    shown = {}
    for held in seen.profile.items:
        owner = held.owner or ""
        if held.instance_id:
            shown[held.instance_id] = (owner, held.bucket_hash, held.equipped, bool(held.state & 1))
        else:
            stacks[held.hash, owner, held.bucket_hash] += held.quantity
    return shown, stacks
