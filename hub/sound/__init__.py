"""Sound beside every sentence: a person's recording where there is one, else a rendered voice.

`voice` is the program that speaks, run in a process of its own; `chorus` is who runs it. `files` says where sounds lie
and which sentence has one. `speaking` is the slow work that renders what is missing: the shelf, the sentences that
learners' pages always have (`pages`), and those that were met without a sound (`asked`). `at_once` renders one of them
while somebody waits. `recordings` keeps what people spoke, sentence by sentence (`lines`), and `kinds` looks into the
files they send.
"""
