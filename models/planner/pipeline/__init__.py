"""How the planner is built: the rules, and the SQL pipeline made of them.

Plain Python, no model.
"""
