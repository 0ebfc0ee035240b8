"""Stories played by processes of their own: crashes, concurrency,
mail servers, full disks.
"""
