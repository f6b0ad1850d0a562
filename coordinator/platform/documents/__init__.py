"""PDF, XLSX, CSV and QR codes: everything that leaves on paper or as a sheet.

Most libraries that make them are heavy, so they live in modules that only a child process imports
(`typesetter`, `sheetwriter`, `docxwriter`); `rendering` starts the child and is what others call.
"""
