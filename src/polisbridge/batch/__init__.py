"""Portfolios: the decision over millions of insured persons, in columns."""
