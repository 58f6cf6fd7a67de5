"""Values to texts: a replayed stream, a checked calendar, a checked draft, each in the formats people and
programs read. Pure functions; whoever calls them writes the text somewhere.

Texts of the public pass through :mod:`.escaping` on their way out, once, by where they go.
"""
