"""Incidents from a file: our own events, a short list in YAML or JSON, or what an incident tool gave."""
