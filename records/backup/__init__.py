"""A backup of everything the portal cannot make again, and its way back into an empty place: docs/adr/0013.

`making` writes the folder, `restoring` reads it; `manifest` is what the folder says of itself, `facts` what a database
says of itself, `dumps` the two databases, `places` where files lie and the mark of a restore that did not end.
Sentences are plain English: they are read by whoever types manage.py.
"""
