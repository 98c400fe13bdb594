"""The states' approaches beside each other: matrix, conflicts, gaps, common minimum, union, cheapest contract."""
