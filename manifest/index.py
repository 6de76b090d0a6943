"""Bungie's index of Manifest versions, with its failures in words."""

from destinyvault.bungie import client
from destinyvault.bungie.enums import PlatformError
from destinyvault.bungie.errors import BungieDown, BungieError
from destinyvault.bungie.replies import ManifestIndex
from manifest.errors import ManifestError


def read() -> ManifestIndex:
    try:
        return client.manifest_index()
    except BungieError as error:
        raise _explained(error) from error


def path_for(index: ManifestIndex, language: str) -> str:
    if language not in index.paths:
        offered = ", ".join(sorted(index.paths)) or "none at all"
        raise ManifestError(
            f"Bungie.net's index has no Manifest in {language!r}; it offers {offered}.",
            "Correct MANIFEST_LANGUAGES if that is a slip.",
        )
    return index.paths[language]


def _explained(error: BungieError) -> ManifestError:
    if error.code == PlatformError.ApiInvalidOrExpiredKey:
        return ManifestError(
            "Bungie.net does not accept the API key (2101).",
            "Put the key of your application at https://www.bungie.net/en/Application into BUNGIE_API_KEY.",
        )
    if isinstance(error, BungieDown) and error.maintenance:
        return ManifestError("Bungie.net is down for maintenance.")
    return ManifestError(f"Bungie.net does not give its Manifest index: {error.message or error.status}")
