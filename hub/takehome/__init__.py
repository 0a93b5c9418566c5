"""Take-home packs: a lesson, a quiz or a whole package that learns at home, on paper or as one file.

A *pack* is what is handed out, a *copy* is one of them in somebody's hands. What was answered comes back as a code of
ten characters for each sheet of five questions. `asked` says what a pack asks, `codes` is the arithmetic of codes,
`copies` hands out, `returned` takes back.
"""
