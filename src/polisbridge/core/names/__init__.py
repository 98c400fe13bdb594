"""Names of persons across scripts: how a name may be spelt in Latin letters, and whether two records mean one person.

Tables as data are in `tables`; `match` grades two persons. No table and no rule here is about one real person.
"""
