"""The protection of people: who reads what is reported (`named`), reports themselves, and voices in them."""
