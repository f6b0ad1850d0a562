"""What reads or acts across all packages: matrix, reminders, opening, calendar, cards, rulings."""
