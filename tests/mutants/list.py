"""All faults."""

from tests.mutants import doors, finding, records

FAULTS = (*records.FAULTS, *finding.FAULTS, *doors.FAULTS)
