"""The tests, a mirror of the packages."""

import sys

# They start the kit hundreds of times, and each worker imports all of it: what was compiled once is kept, whatever the
# environment says. It is said here, and not in conftest.py, because that imports libraries that pytest compiles anew.
sys.dont_write_bytecode = False
