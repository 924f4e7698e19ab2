"""Paired statistics: pure functions of float64 arrays, one row a seed."""
