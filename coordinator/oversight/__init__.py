"""What looks or acts across all rooms: matrix, reminders, opening, calendar, cards, rulings."""
