"""The narrow item table, filled by SQL from the JSON that an import has just written."""

from django.db.backends.utils import CursorWrapper

from manifest.models import Revision
from manifest.tables import ITEMS

# jsonb_to_record unpacks each JSON once; one -> after the other would unpack it again for every field.
# OFFSET 0 has each text folded once, however often manifest_search (migration 0004) names it.
_FILL = """
INSERT INTO manifest_item (
    definition_id, language, hash, added, bucket_hash, item_type, tier, class_type, damage_type, ammo_type, max_stack,
    redacted, equippable, transferable, name, type_name, tier_name, icon, watermark, stack_unique_label, search)
SELECT
    definition.id, %(language)s, definition.hash, definition.added,
    coalesce(stored."bucketTypeHash", 0), coalesce(item."itemType", 0), coalesce(stored."tierType", 0),
    coalesce(item."classType", 3), coalesce(item."defaultDamageType", 0),
    coalesce((item."equippingBlock" ->> 'ammoType')::int, 0), coalesce(stored."maxStackSize", 1),
    coalesce(item.redacted, false), coalesce(item.equippable, false), NOT coalesce(item."nonTransferrable", false),
    coalesce(shown.name, ''), coalesce(item."itemTypeDisplayName", ''), coalesce(stored."tierTypeName", ''),
    coalesce(shown.icon, ''), coalesce(item."iconWatermark", ''), coalesce(stored."stackUniqueLabel", ''),
    manifest_search(%(language)s, folded.name, folded.kind, folded.body, coalesce(item."classType", 3))
FROM manifest_definition definition
JOIN manifest_table ON manifest_table.id = definition.table_id
CROSS JOIN LATERAL jsonb_to_record(definition.json) AS item(
    "displayProperties" jsonb, inventory jsonb, "itemTypeDisplayName" text, "itemType" int, "classType" int,
    "defaultDamageType" int, "equippingBlock" jsonb, redacted bool, equippable bool, "nonTransferrable" bool,
    "iconWatermark" text, "itemTypeAndTierDisplayName" text, "flavorText" text)
CROSS JOIN LATERAL jsonb_to_record(coalesce(item."displayProperties", '{}')) AS shown(
    name text, icon text, description text)
CROSS JOIN LATERAL jsonb_to_record(coalesce(item.inventory, '{}')) AS stored(
    "bucketTypeHash" bigint, "tierType" int, "tierTypeName" text, "maxStackSize" int, "stackUniqueLabel" text)
CROSS JOIN LATERAL (
    SELECT
        manifest_folded(coalesce(shown.name, '')) AS name,
        manifest_folded(coalesce(
            item."itemTypeAndTierDisplayName", concat_ws(' ', stored."tierTypeName", item."itemTypeDisplayName")
        )) AS kind,
        manifest_folded(concat_ws(' ', shown.description, item."flavorText")) AS body
    OFFSET 0
) AS folded
WHERE definition.added = %(revision)s AND manifest_table.name = %(items)s
    AND definition.xmin = pg_current_xact_id()::xid
"""


def fill(cursor: CursorWrapper, revision: Revision) -> None:
    """For the definitions that the open transaction wrote (`xmin`): every writer does its own, on its own core."""
    cursor.execute(_FILL, {"language": revision.language, "revision": revision.pk, "items": ITEMS})
