"""The evaluation: events are folded into state, facts are read from it, rules are matched, advice follows."""
