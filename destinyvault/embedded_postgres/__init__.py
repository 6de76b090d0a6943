"""A Postgres that nobody has to install: the wheel's server on a folder under var/, started when somebody connects.

`server.py` starts and stops it; `base.py` is the Django database ENGINE that does so on demand.
"""
