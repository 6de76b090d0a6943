"""Moves, equips and locks as durable jobs: planned in one place, run step by step on the cluster, told truthfully."""
