"""The few HTML pages that the sandbox shows: consent, errors, and what stands before Bungie in bad weather."""

from collections.abc import Iterable
from html import escape

from destinyvault.sandbox.guardians import Guardian

STYLE = """
:root { color-scheme: dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: start center; color: #e8e9ec;
       background: radial-gradient(circle at 50% -20%, #33405a, #14171d 65%); }
main { width: min(38rem, calc(100% - 2rem)); margin: 8vh 0 4rem; }
h1 { font-weight: 600; margin: 0 0 .25rem; } p { margin: .25rem 0 1rem; color: #b6bac4; }
.note { border-left: 3px solid #ceae33; padding: .5rem .9rem; background: #ceae3318; color: #e8e0c2; }
button { display: block; width: 100%; text-align: start; font: inherit; color: inherit; cursor: pointer;
         background: #ffffff0d; border: 1px solid #ffffff24; border-radius: 8px; padding: .7rem 1rem; margin: .5rem 0; }
button:hover { background: #ffffff1c; border-color: #7aecf3; }
button:focus-visible { outline: 3px solid #7aecf3; outline-offset: 2px; }
button strong { display: block; unicode-bidi: isolate; } button span { color: #b6bac4; font-size: .9rem; }
.quiet { text-align: center; background: none; }
"""


def document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )


def consent_page(guardians: Iterable[Guardian], asked: dict[str, str]) -> str:
    kept = ("client_id", "response_type", "state", "redirect_uri")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(asked[name])}">' for name in kept if name in asked
    )
    choices = "".join(
        f'<button name="guardian" value="{one.id}"><strong>{escape(one.unique_name)}</strong>'
        f"<span>{escape(one.about)}</span></button>"
        for one in guardians
    )
    return document(
        "Choose a guardian · sandbox",
        "<h1>Choose a guardian</h1><p>An application asks to see and manage the items of your account.</p>"
        '<p class="note">This is a sandbox on this machine, not Bungie.net. '
        "No password is needed.</p>"
        f'<form method="post" action="/en/OAuth/Authorize">{hidden}{choices}'
        '<button class="quiet" name="cancel" value="1">Cancel</button></form>',
    )


def error_page(title: str, text: str) -> str:
    return document(f"{title} · sandbox", f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def blocked_page() -> str:
    """What the CDN in front of Bungie.net shows to a client that does not say who it is."""
    return error_page("Access denied", "Sorry, you have been blocked. Error 1020")


def maintenance_page() -> str:
    return error_page("Be right back", "The services are down for maintenance.")


def plain_page(status: int) -> str:
    return error_page(f"Error {status}", "The page cannot be shown.")
