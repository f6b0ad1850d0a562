"""Files as people and mail servers send them, and what a careful person reads in them."""

from pathlib import Path

FILES = Path(__file__).parent / "files"
# The only ones of their kind; the others are in the tables of this folder.
REPORTING_SHEET = "51-lembar-00.xlsx"
MAPPING = "82-roles-smart-quotes.yaml"
LETTER = "90-letter-pasted-from-word.txt"
