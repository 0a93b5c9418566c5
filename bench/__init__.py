"""Every number we claim, measured again and printed beside its budget: `make bench`.

Bytes, counts and memory are absolute. A time is a ratio against something measured in the same run, because machines
differ; where a budget is in seconds it is printed too.
"""
