"""Makes docs/findings.md: what the two articles claim, answered by real runs of committed YAMLs.

`sections` says what is asked, `runs` trains and reads, `answers` and `costs` turn records into
words, `writing` and `pictures` into the document. No sentence stands in the document that these
did not write from records.
"""
