"""The nouns of the field: events, incidents, posts, calendars, recommendations. Nothing here acts."""
