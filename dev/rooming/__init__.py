"""Wall between the rooms: no file uses rooms that its own may not know.

plan -> index -> inference -> uses: the rooms and their allowed dependencies, the
definitions of each file, the model of an expression, the uses of a file. `codes` looks
for channels named outside of their folder, `screens` at XML; `walls` runs them all.
"""
