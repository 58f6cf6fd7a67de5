"""Outside formats to the model and back: calendars, streams, reports. Nothing here knows the engine."""
