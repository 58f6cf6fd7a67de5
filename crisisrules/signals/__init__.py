"""What a text says, read by lexicons and form: kind, topic, urgency, statement features, novelty."""
