"""What a form or a script asks for, read and checked: an order, or sentences that say what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from inventory.reading import Reading

from .asking import MOST_PIECES, NO_SUCH_STORE, STORES_ONLY, wrong_destination
from .models import Action, Status
from .orders import Reference, meant, order_of
from .queueing import Order, too_many
from .wants import ANYWHERE

REFERENCE = re.compile(r"(?P<id>[0-9]{1,20})|(?P<hash>[0-9]{1,10})@(?P<store>vault|account|[0-9]{1,20})", re.ASCII)
ASKED_BY_HAND = [choice for choice in Action.choices if choice[0] != Action.UNDO]

NO_ACTION = "Say what to do with the items: move, equip, lock or another of the actions on the page."
NO_ITEMS = "Choose at least one item, then try again."
AMOUNT = "The amount has to be a whole number from 1 up. Leave it empty for all of it."


class ClickForm(forms.Form):
    """`key` tells one click from another; what is `confirmed` was shown before. `may_move_others` None: not said."""

    key = forms.RegexField(
        r"\A[A-Za-z0-9_-]{1,64}\Z",
        required=False,
        error_messages={"invalid": "This form is not of this site. Reload the page, then try again."},
    )
    confirmed = forms.BooleanField(required=False)
    move_others = forms.ChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        required=False,
        error_messages={"invalid_choice": "Whether other items may be moved is either yes or no."},
    )

    @property
    def may_move_others(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["move_others"])


class TransferForm(ClickForm):
    """`items` may come one by one or with commas between them: an instance id, or a stack as hash@store."""

    action = forms.ChoiceField(
        choices=ASKED_BY_HAND,
        error_messages={"required": NO_ACTION, "invalid_choice": "“%(value)s” is nothing that can be done with items."},
    )
    to = forms.RegexField(r"\A(vault|[0-9]{1,20})\Z", required=False, error_messages={"invalid": NO_SUCH_STORE})
    quantity = forms.IntegerField(
        min_value=1,
        max_value=MOST_PIECES,
        required=False,
        error_messages={"invalid": AMOUNT, "min_value": AMOUNT, "max_value": "Nobody has as many pieces as that."},
    )
    equip = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict, *, reading: Reading) -> None:
        super().__init__(_unfolded(data))
        self.reading = reading

    @property
    def again(self) -> list[tuple[str, object]]:
        """What a form has to send to ask for the same."""
        told = self.cleaned_data
        kept = {name: told[name] for name in ("action", "to", "quantity", "key")} | {"items": ",".join(self.given)}
        return [(name, value) for name, value in kept.items() if value]

    @property
    def given(self) -> list[str]:
        """The references as they came, each once."""
        values = (part.strip() for value in self.data.getlist("items") for part in value.split(","))
        return list(dict.fromkeys(filter(None, values)))

    @property
    def click(self) -> str:
        """One form has several buttons: the same one of them, pressed twice, is one click."""
        told = self.cleaned_data
        if not told["key"]:
            return ""
        asked = [told["key"], told["action"], told["to"], told["quantity"], *self.given]
        return hashlib.blake2b(repr(asked).encode(), digest_size=24).hexdigest()

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if self.errors:
            return told
        told["action"] = meant(told["action"], equip=told["equip"])
        told["items"] = self._items(told["action"])
        self._check_destination(told["action"], told["to"])
        return told

    def order(self) -> Order:
        """Of valid data. Raises NoWay where there is nothing to do."""
        told = self.cleaned_data
        said, rule = self.may_move_others, self.reading.seen.player.preferences.move_others
        all_of_it = told["action"] == Action.CONSOLIDATE  # whatever store and amount are chosen for the other buttons
        return order_of(
            told["action"],
            [replace(each, store=ANYWHERE if all_of_it else self._from(each, told)) for each in told["items"]],
            self.reading.vault,
            to=told["to"],
            quantity=0 if all_of_it else told["quantity"] or 0,
            move_others=rule if said is None else said,
            key=self.click,
        )

    def _from(self, item: Reference, told: dict[str, Any]) -> str:
        """Of what is worn where it is to go, that character: so the job is told as taking it off."""
        worn = told["action"] == Action.MOVE and any(
            each.id == item.item_id and each.equipped and each.owner == told["to"] for each in self.reading.vault.items
        )
        return told["to"] if item.item_id and worn else item.store

    def _items(self, action: Action) -> list[Reference]:
        found = [(given, REFERENCE.fullmatch(given)) for given in self.given]
        wrong = [given for given, match in found if match is None]
        if wrong:
            self.add_error(None, f"“{wrong[0][:40]}” names no item. Reload the page, then try again.")
        elif not found and action not in STORES_ONLY:
            self.add_error(None, NO_ITEMS)
        elif sentence := too_many(len(found)):
            self.add_error(None, sentence)
        return [Reference.of(match) for _, match in found if match]

    def _check_destination(self, action: Action, to: str) -> None:
        if sentence := wrong_destination(action, to, self.reading.vault):
            self.add_error("to", sentence)


def _unfolded(data: QueryDict) -> QueryDict:
    """`do` is action and destination in one, since a button can only say one thing."""
    action, _, to = data.get("do", "").partition(" ")
    if not action:
        return data
    unfolded = data.copy()
    unfolded["action"], unfolded["to"] = action, to
    return unfolded


class JobsForm(forms.Form):
    """Which jobs to list."""

    status = forms.ChoiceField(
        choices=[("", "All"), *Status.choices],
        required=False,
        error_messages={"invalid_choice": "There is no status “%(value)s”. Choose one of the list."},
    )
    action = forms.ChoiceField(
        choices=[("", "All"), *Action.choices],
        required=False,
        error_messages={"invalid_choice": "There is no action “%(value)s”. Choose one of the list."},
    )
    refused = forms.ChoiceField(
        label="Outcome",
        choices=[("", "All"), ("yes", "Some not possible")],
        required=False,
        error_messages={"invalid_choice": "Choose either all transfers, or those of which some was not possible."},
    )
    item = forms.CharField(
        label="Item",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "its name", "autocomplete": "off"}),
        error_messages={"max_length": "No item has a name as long as that."},
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")


def sentences(form: forms.Form) -> list[str]:
    """What is wrong, each thing once."""
    return list(dict.fromkeys(message for messages in form.errors.values() for message in messages))
