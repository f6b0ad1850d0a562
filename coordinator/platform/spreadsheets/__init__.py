"""Reading spreadsheets and separated text: bytes to grids of cells as they are shown.

Knows nothing of what is in them. Everything that opens a workbook or CSV from outside uses it.
"""
