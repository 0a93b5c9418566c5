"""Works given away on a stick: chosen, checked, written as a job, with a cover page for whoever has no hub."""
