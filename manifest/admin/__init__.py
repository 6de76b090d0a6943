"""The staff's pages of the Manifest."""

from manifest.admin import revisions  # noqa: F401  (registers its pages)
