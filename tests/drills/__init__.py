"""What the portal promises under races, faults and load, shown. `make drill` runs all of it whole.

`make test` runs each in its small size on the same code; `DRILL=full` (bin/drill sets it) in the size of the promise.
"""
