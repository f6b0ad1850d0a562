"""From the province's mapping to a kabupaten/kota task force of its own."""
