"""The staff's pages of the Manifest."""

from manifest.admin import definitions, languages, revisions, telling  # noqa: F401  (registers their pages)
