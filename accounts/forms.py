from typing import Any

from django import forms
from django.conf import settings

from accounts import api_keys
from accounts.languages import language_name
from accounts.models import Membership, Preferences


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(label="Language of item names", required=False)

    class Meta:
        model = Preferences
        fields = ["language", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["language"].choices = [(each, language_name(each)) for each in settings.MANIFEST_LANGUAGES]
        if self.instance.language not in settings.MANIFEST_LANGUAGES:
            self.initial["language"] = settings.MANIFEST_LANGUAGES[0]


class PlatformForm(forms.Form):
    membership = forms.ModelChoiceField(queryset=Membership.objects.none())

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = account.memberships.all()


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
