"""SQL pipeline of the planner, and the rules that it applies.

Plain Python, no model.
"""
