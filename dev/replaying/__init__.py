"""Replay of a history of invoices and payments through the real planner and channels.

history -> ledger -> desk -> results: a file is read and checked, booked day by day,
each day's actions are performed, and the results are written.
"""
