"""The program: people, journeys, pages, the meaning of records, the command line and the wiring."""

from hub.drivers import leave_postgresql_out

__version__ = "0.1.0"

leave_postgresql_out()
