"""What a client may do with an account: moves, equips, locks, loadouts; by Bungie's rules, one account at a time."""
