"""The program: people, journeys, pages, the meaning of records, the command line and the wiring."""
