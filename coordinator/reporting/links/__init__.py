"""The one page that a link of a mail opens, and what its holder may do there."""
