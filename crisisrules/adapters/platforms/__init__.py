"""What platforms and incident tools send, as events: one module a source, each a function of its payload.

No module here opens a connection: whoever has a payload (a webhook, a poll, a file) reads it with these.
"""
