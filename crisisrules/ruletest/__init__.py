"""Tests of rules on the engine itself, what they leave untested, and the pages made from both.

Nothing here opens a file: texts and values come in, values and texts go out. Only the pytest plugin
reads the test files that pytest hands to it.
"""
