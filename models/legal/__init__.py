"""How interest on late payment is counted.

Plain Python, no model: rates, dates and amounts come in, pieces come out.
"""
