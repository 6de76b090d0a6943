"""A Bungie.net on this machine, over HTTP: for the demo, the tests and development. Imports nothing of the site."""
