"""Who is here: people and their roles, circles, households, secrets and sign-ins.

Services take the node first and plain values by keyword; none of them sees a request. People, circles and households
are journal records; secrets, sign-ins and counted tries belong to this machine alone.
"""
