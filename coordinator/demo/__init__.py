"""DATA CONTOH: invented people and figures for a first look, loaded and removed as a whole."""
