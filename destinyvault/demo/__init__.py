"""`manage.py demo`: everything on this machine."""
