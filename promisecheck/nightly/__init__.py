"""Nightly checks: what is due, one run at a time, what changed by meaning, telling people, schedules."""
