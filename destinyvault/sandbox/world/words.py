"""The words that the sandbox's world is named with, each in English and French."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Both:
    en: str
    fr: str


def lines(text: str) -> tuple[Both, ...]:
    """Reads "english|french" pairs, one on each line."""
    return tuple(Both(*line.strip().split("|")) for line in text.splitlines() if line.strip())


def both(text: str) -> tuple[Both, ...]:
    """Reads "english|french" pairs that stand several on a line, parted by semicolons."""
    return lines(text.replace(";", "\n"))


# What comes before the noun in English and behind it in French, so that no French adjective has to agree.
MANNERS = both("""
    Ashen|de cendre; Silent|du silence; Hollow|du vide; Amber|d’ambre; Winter|d’hiver; Distant|du lointain
    Brazen|d’airain; Tidal|des marées; Nameless|sans nom; Copper|de cuivre; Northern|du nord; Paper|de papier
    Sleepless|sans sommeil; Glass|de verre; Patient|de patience; Thunder|du tonnerre; Salt|de sel; Second|de relève
    Velvet|de velours; Unbroken|sans faille; Harvest|des moissons; Iron|de fer; Midnight|de minuit; Wayward|d’errance
    Golden|d’or; Borrowed|d’emprunt; Ember|de braise; Crooked|de travers; Lunar|de lune; Faithful|de loyauté
    Rain|de pluie; Stolen|de contrebande; Chalk|de craie; Quiet|du calme; Final|de la fin; Scarlet|d’écarlate
    Feral|des bêtes; Marble|de marbre; Sudden|de l’instant; Violet|de violette; Bitter|d’amertume; Silver|d’argent
""")
NOUNS = both("""
    Meridian|Méridien; Lantern|Lanterne; Verdict|Verdict; Ledger|Registre; Compass|Boussole; Hymn|Hymne
    Sparrow|Moineau; Anvil|Enclume; Promise|Promesse; Cartographer|Cartographe; Threshold|Seuil; Orchard|Verger
    Witness|Témoin; Cinder|Escarbille; Pilgrim|Pèlerin; Almanac|Almanach; Bell|Cloche; Reckoning|Compte
    Harbor|Havre; Chorus|Chœur; Needle|Aiguille; Furrow|Sillon; Envoy|Émissaire; Mirror|Miroir
    Beacon|Balise; Thread|Fil; Oath|Serment; Sentry|Sentinelle; Horizon|Horizon; Tempest|Tempête
    Quarry|Carrière; Psalm|Psaume; Keeper|Gardien; Ribbon|Ruban; Fable|Fable; Crown|Couronne
    Mason|Maçon; Vesper|Vêpres; Hourglass|Sablier; Gambit|Gambit; Wager|Pari; Riddle|Énigme
    Falcon|Faucon; Torrent|Torrent; Vigil|Veille; Summit|Sommet; Echo|Écho; Bramble|Ronce
""")
PEOPLE = (
    "Veska",
    "Maro",
    "Tessaly",
    "Rookwood",
    "Dain",
    "Sorrel",
    "Kesh",
    "Nadir",
    "Brannagh",
    "Lio",
    "Petra-9",
    "Wend",
)
SETS = both("""
    Tidewrought|Forge-marée; Lanternkeep|Garde-lanterne; Farstrider|Grand-marcheur; Holdfast|Tiens-bon
    Gloomward|Garde-brume; Sunken Court|Cour engloutie; Ninth Bell|Neuvième cloche; Wildgrain|Grain sauvage
    Stillwater|Eau dormante; Glass Parade|Parade de verre; Emberline|Ligne de braise; Quarrymaster|Maître carrier
    Pale Choir|Chœur pâle; Roadwarden|Garde-route; Deepfield|Champ profond; Old Harbor|Vieux havre
""")
PERK_MANNERS = both("""
    Steady|constante; Rapid|rapide; Feathered|légère; Hungry|affamée; Mirrored|en miroir; Kindled|attisée
    Anchored|ancrée; Restless|inquiète; Tempered|trempée; Hidden|cachée; Rising|montante; Twin|jumelle
    Bracing|tonique; Patient|patiente
""")
PERK_NOUNS = both("""
    Cadence|Cadence; Draw|Visée; Volley|Salve; Reserve|Réserve; Grip|Prise; Pulse|Pulsation
    Recoil|Secousse; Surge|Poussée; Focus|Attention; Reload|Recharge; Chain|Chaîne; Impact|Frappe
""")
BARRELS = both("""
    Fluted Bore|Âme cannelée; Long Rifling|Rayure longue; Short Choke|Étrangleur court; Open Muzzle|Bouche ouverte
    Braced Barrel|Canon renforcé; Twin Vent|Double évent; Hammered Steel|Acier martelé; Slim Shroud|Manchon fin
""")
MAGAZINES = both("""
    Extended Feed|Chargeur long; Light Casing|Étui léger; Heavy Rounds|Balles lourdes; Tapered Mag|Chargeur effilé
    Spare Drum|Tambour de rechange; Alloy Jacket|Chemise d’alliage; Flared Well|Puits évasé; Tuned Spring|Ressort réglé
""")
MATERIALS = both("""
    Tempered Core|Noyau trempé; Bright Prism|Prisme clair; Ascendant Ember|Braise ascendante; Dusk Petal|Pétale du soir
    Ether Reed|Roseau d’éther; Helium Coil|Bobine d’hélium; Baryon Twig|Brindille de baryon; Relay Shard|Éclat de relais
    Tide Pearl|Perle de marée; Vault Alloy|Alliage du coffre; Signal Fiber|Fibre de signal; Cold Glass|Verre froid
    Strange Token|Jeton étrange; Gunsmith Scrap|Ferraille d’armurier; Raid Banner Thread|Fil d’étendard
""")
CONSUMABLES = both("""
    Field Ration|Ration; Rally Banner|Étendard; Cipher Fragment|Fragment de code; Lucky Charm|Porte-bonheur
    Vanguard Writ|Ordre de mission; Treasure Map|Carte au trésor; Festival Sweets|Bonbons; Scout Report|Rapport
    Old Key|Vieille clé; Sealed Letter|Lettre scellée; Tea of the Tower|Thé de la Tour; Ghost Lure|Leurre
    Spare Synth|Synthèse; Star Chart|Carte du ciel; Drifter’s Coin|Pièce du vagabond; Snow Globe|Boule à neige
""")
QUEST_WORDS = both("""
    The Long Road Home|La longue route; A Lamp for the Lost|Une lampe pour les égarés; Salt and Signal|Sel et signal
    What the River Kept|Ce que gardait la rivière; Old Debts|Vieilles dettes; The Ninth Door|La neuvième porte
    Voices in the Static|Des voix dans le bruit; Letters Unsent|Lettres non envoyées; The Quiet Hour|L’heure calme
    Below the Ice|Sous la glace; A Name to Remember|Un nom à retenir; The Mason’s Errand|La course du maçon
    Borrowed Light|Lumière d’emprunt; Cold Trail|Piste froide; The Last Ferry|Le dernier bac; Home Fires|Feux du foyer
""")
BOUNTY_WORDS = both("""
    Clean Shots|Tirs nets; Clear the Road|Route libre; Hold the Line|Tenir la ligne; Three of a Kind|Brelan
    Long Range|Longue portée; Close Quarters|Corps à corps; Gather Samples|Échantillons; Bring Them Down|À terre
    Storm Watch|Veille d’orage; Night Shift|Poste de nuit; Safe Passage|Passage sûr; Spare Parts|Pièces détachées
""")
SHADER_NOUNS = both("Weave|Trame; Lacquer|Laque; Dye|Teinture; Bloom|Floraison; Gilding|Dorure; Patina|Patine")
SHIP_NOUNS = both("Clipper|Clipper; Skiff|Esquif; Runner|Coureur; Barque|Barque; Lancer|Lancier; Courier|Courrier")
BIKE_NOUNS = both("Swift|Martinet; Dart|Dard; Colt|Poulain; Hornet|Frelon; Skimmer|Rase-mottes; Hare|Lièvre")
SHELL_NOUNS = both("Shell|Coque; Casing|Carapace; Cocoon|Cocon; Mask|Masque; Carapace|Cuirasse")
EMBLEM_NOUNS = both("Sigil|Sceau; Banner|Bannière; Crest|Blason; Seal|Cachet; Mark|Marque; Star|Étoile")
MOVES = both(
    "Bow|Révérence; Salute|Salut; Spin|Pirouette; Toast|Toast; Nap|Sieste; Shrug|Haussement; Cheer|Bravo; Wave|Signe"
)
MODS = both("""
    Reserves|Réserves; Scavenger|Récupérateur; Targeting|Ciblage; Holster|Étui; Dexterity|Dextérité; Siphon|Siphon
    Resistance|Résistance; Font|Source; Finder|Détecteur; Loader|Chargement; Surge|Poussée; Recovery|Reprise
""")
FLAVOURS = lines("""
    “Keep it near. The dark has long arms.”|« Garde-la près de toi. La nuit a le bras long. »
    “It was somebody’s best work once.”|« Ce fut un jour le meilleur ouvrage de quelqu’un. »
    Found under the stairs of a station that never had any.|Trouvé sous l’escalier d’une gare qui n’en avait pas.
    The maker signed it three times, each with another name.|L’artisan l’a signé trois fois, de trois noms différents.
    “Count to four. Then run.”|« Compte jusqu’à quatre. Puis cours. »
    It hums when it rains.|Il fredonne quand il pleut.
    A gift, or a warning; the letter was burned.|Un cadeau, ou un avertissement ; la lettre a brûlé.
    “We held the bridge with six of these and a kettle.”|« On a tenu le pont avec six comme ça et une bouilloire. »
    Nobody remembers ordering it.|Personne ne se souvient de l’avoir commandé.
    “Better than it looks, and it looks fine.”|« Mieux qu’il n’en a l’air, et il a belle allure. »
    The last owner asks that you do not ask.|Le dernier propriétaire demande qu’on ne demande rien.
    Made for a long walk and a short talk.|Fait pour une longue marche et un court échange.
""")
EFFECTS = lines("""
    Improves stability while standing still.|Améliore la stabilité à l’arrêt.
    Defeating a target quickens the next reload.|Éliminer une cible accélère la recharge suivante.
    Raises range and lowers handling.|Augmente la portée et réduit le maniement.
    The first shot after a sprint strikes harder.|Le premier tir après une course frappe plus fort.
    Rapid hits return a little ammunition.|Les tirs rapprochés rendent un peu de munitions.
    Grants a short burst of speed.|Accorde une brève accélération.
    Slightly raises every stat near allies.|Augmente légèrement les statistiques près des alliés.
    Stows a little faster than it should.|Se range un peu plus vite que prévu.
""")


def named(manner: Both, noun: Both) -> Both:
    return Both(f"{manner.en} {noun.en}", f"{noun.fr} {manner.fr}")


def owned(person: str, noun: Both) -> Both:
    of = "d’" if person[0] in "AEIOU" else "de "
    return Both(f"{person}’s {noun.en}", f"{noun.fr} {of}{person}")


def prefixed(first: Both, second: Both) -> Both:
    """ "Tidewrought Helm" in English, "Heaume Forge-marée" in French."""
    return Both(f"{first.en} {second.en}", f"{second.fr} {first.fr}")
