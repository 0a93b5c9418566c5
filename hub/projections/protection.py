"""Which entries tell of what protects people. Each is a record of its own, so that none waits for another."""

KINDS: dict[str, str] = {
    "protection.named": "Named",
    "report": "Report",
    "report.step": "ReportStep",
}
"""Entry kind → its table."""
