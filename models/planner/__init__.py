"""How the planner is built: the film, the rules, and the SQL pipeline made of them.

Plain Python, no model: `dunning.planner` is the only one to use it.
"""
