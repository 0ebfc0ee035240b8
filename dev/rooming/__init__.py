"""The wall between the rooms: no file knows what its room may not know.

plan -> index -> inference -> uses: the rooms and what each may know, what each file
defines, which model an expression is about, what one file uses. `codes` looks for
channels that are named outside their folder, `screens` at XML; `walls` asks them all.
"""
