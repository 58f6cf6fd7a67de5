"""The playbook as data: strict YAML, conditions, forms and parameters, and the checks at load.

Text comes in, values and problems come out; nothing here opens a file.
"""
