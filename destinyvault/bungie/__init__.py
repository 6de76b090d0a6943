"""The one door to Bungie.net. It imports no app; settings are read when a call is made."""
