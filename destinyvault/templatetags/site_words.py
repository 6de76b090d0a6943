"""Moments, languages and numbers as every page writes them."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from accounts.languages import language_name

register = template.Library()
register.filter(language_name)


@register.filter
def moment(when: datetime) -> SafeString:
    """Such as "3 days ago", with the exact moment for who points at it, and for programs."""
    exact = f"{when.day} {when:%B %Y, %H:%M} UTC"
    return format_html('<time datetime="{}" title="{}">{}</time>', when.isoformat(), exact, ago(when))


@register.filter
def exact(when: datetime) -> SafeString:
    """Such as "Tuesday 1 December, 17:00 UTC", which local_times.js writes in the visitor's own zone."""
    written = f"{when:%A} {when.day} {when:%B, %H:%M} UTC"
    return format_html('<time class="local-time" datetime="{}">{}</time>', when.isoformat(), written)


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter
def signed(number: int) -> str:
    """With a real minus sign."""
    return f"+{number:,}" if number >= 0 else f"−{-number:,}"


def ago(when: datetime) -> str:
    """Clocks differ, so something may seem to come from the future."""
    seconds = (timezone.now() - when).total_seconds()
    return "just now" if seconds < 60 else f"{timesince(when, depth=1)} ago"
