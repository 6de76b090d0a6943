from collections.abc import Sequence
from typing import Any

from django import forms

from accounts import api_keys
from accounts.languages import language_name
from accounts.models import Membership, Preferences


class PreferencesForm(forms.ModelForm):
    """`languages` are those that the site has; `lost` is the person's own where it is none of them any more."""

    language = forms.ChoiceField(label="Language of item names", required=False)
    folded = forms.MultipleChoiceField(
        label="Folded groups of the inventory", required=False, widget=forms.CheckboxSelectMultiple
    )

    move_others = forms.TypedChoiceField(
        label="Moving other items aside",
        choices=[("True", "If needed; the plan is shown"), ("False", "Never")],
        coerce=lambda chosen: chosen == "True",
        required=False,
    )

    class Meta:
        model = Preferences
        fields = ["language", "sort", "tile_size", "theme", "move_others", "folded"]

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        wanted = self.instance.language
        self.lost = language_name(wanted) if wanted and wanted not in languages else ""
        self.fields["language"].choices = [(each, language_name(each)) for each in languages]
        self.fields["folded"].choices = [(each, each.capitalize()) for each in self.instance.folded]
        for name, field in self.fields.items():
            field.error_messages["invalid_choice"] = NOT_OFFERED[name]
            field.required = False
        if not self.instance.folded:
            del self.fields["folded"]

    def clean(self) -> dict[str, Any]:
        """What was not sent stays as it is; of boxes, what is not ticked is not sent."""
        absent = [name for name in self.fields if name != "folded" and name not in self.data]
        return {**super().clean(), **{name: getattr(self.instance, name) for name in absent}}


NOT_OFFERED = {
    "language": "This site has no item names in “%(value)s”. Choose one of the languages in the list.",
    "sort": "Items cannot be ordered by “%(value)s”. Choose one of the orders in the list.",
    "tile_size": "Items have no size “%(value)s”. Choose one of those in the list.",
    "theme": "There is no theme “%(value)s”. Choose one of those in the list.",
    "move_others": "“%(value)s” is no answer to whether other items may be moved. Choose one of those in the list.",
    "folded": "“%(value)s” is no group that is folded now. Look at the boxes again, then save.",
}


class PlatformForm(forms.Form):
    membership = forms.ModelChoiceField(queryset=Membership.objects.none())

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = account.memberships.filter(listed=True)


class ApiKeyForm(forms.Form):
    name = forms.CharField(label="What is it for?", max_length=60)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """Also keeps a reload of the answer, which sends the form again, from making a second key."""
        name = self.cleaned_data["name"]
        if self.user.api_keys.filter(name=name).exists():
            raise forms.ValidationError("You have a key of that name already. Revoke it first, or choose another name.")
        return name

    def clean(self) -> dict[str, Any]:
        if self.user.api_keys.count() >= api_keys.MOST:
            raise forms.ValidationError(f"You have {api_keys.MOST} keys already. Revoke one that you no longer need.")
        return super().clean()
