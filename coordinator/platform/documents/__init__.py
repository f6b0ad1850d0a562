"""PDF, XLSX, CSV and QR codes: everything that leaves on paper or as a sheet.

The libraries that make them are heavy, so they live in modules that only a child process imports
(`typesetter`, `sheetwriter`, `qrwriter`); `making` starts the child and is what others call.
"""
