"""The program: people, journeys, pages, the meaning of records, the command line and the wiring."""

__version__ = "0.1.0"
