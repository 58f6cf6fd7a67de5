"""What is not yet out: calendars, drafts and single posts, asked of the same rules and the same engine."""
