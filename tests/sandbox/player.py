"""A client that moves one guardian's things, over HTTP. For its sake nobody has to wait between two actions."""

import requests

from tests.sandbox.wire import KEY

OK = (200, 1)


class Player:
    def __init__(self, wire, orders, guardian):
        self.wire, self.orders, self.guardian = wire, orders, guardian
        self.platform, self.account = wire.account(guardian).split("/")[2:5:2]
        self.token = wire.token(guardian)
        self.characters = list(wire.profile(guardian)["characters"]["data"])
        self.catalog = wire.sandbox.catalog
        orders.pace(quick=0, slow=0)

    def send(self, action, body, token=None, **options):
        """The whole reply, sent at once."""
        headers = KEY | {"Authorization": f"Bearer {token or self.token}"}
        url = f"{self.wire.root}/Platform/Destiny2/Actions/{action}/"
        return requests.post(url, json=body, headers=headers, **{"timeout": 30, **options})

    def act(self, action, character=None, **body):
        """HTTP status and ErrorCode."""
        answer = self.send(action, self.body(character, **body))
        return answer.status_code, answer.json()["ErrorCode"]

    def body(self, character=None, **body):
        return {"membershipType": int(self.platform), "characterId": character or self.characters[0], **body}

    def named(self, item, quantity=1):
        return {"itemId": item["instance_id"] or "0", "itemReferenceHash": item["hash"], "stackSize": quantity}

    def to_vault(self, item, character=None, quantity=1):
        return self.act("Items/TransferItem", character, **self.named(item, quantity), transferToVault=True)

    def from_vault(self, item, character=None, quantity=1):
        return self.act("Items/TransferItem", character, **self.named(item, quantity), transferToVault=False)

    def pull(self, item, character=None, quantity=1):
        return self.act("Items/PullFromPostmaster", character, **self.named(item, quantity))

    def equip(self, item, character=None):
        return self.act("Items/EquipItem", character, itemId=item["instance_id"])

    def lock(self, item, state, character=None):
        return self.act("Items/SetLockState", character, itemId=item["instance_id"], state=state)

    def items(self, **wanted):
        """Of all items, those like this; the first character's where an owner is wanted by number."""
        if isinstance(wanted.get("owner"), int):
            wanted["owner"] = self.characters[wanted["owner"]]
        rows = self.orders.items(self.guardian)
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    def item(self, **wanted):
        return self.items(**wanted)[0]

    def again(self, item):
        """The same instance as it stands now."""
        return self.item(instance_id=item["instance_id"])

    def place(self, item):
        now = self.again(item)
        return now["owner"] if now["place"] == "character" else now["place"]

    def add(self, to, **what):
        """A new thing; says what became of it."""
        return self.orders.play(self.guardian, "add", to=to, **what)[0]

    def kinds(self, bucket, **wanted):
        return [
            kind
            for kind in self.catalog.by_bucket[bucket]
            if all(bool(getattr(kind, name)) == value for name, value in wanted.items())
        ]

    def amounts(self, item_hash):
        """How many of a stack there are, by place: one number for each stack."""
        found = {}
        for row in self.items(hash=item_hash):
            found.setdefault(row["place"], []).append(row["quantity"])
        return {place: sorted(amounts) for place, amounts in found.items()}
