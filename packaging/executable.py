"""What the executable starts: the kit, or what the kit starts as a Python: `-m MODULE` and `-I FILE`."""

import os
import runpy
import sys

# The bootloader's own: a program that is judged must not load this Python's libraries.
for name in [name for name in os.environ if name.startswith("_PYI_")]:
    del os.environ[name]
before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
os.environ.pop("LD_LIBRARY_PATH", None)
if before is not None:
    os.environ["LD_LIBRARY_PATH"] = before

match sys.argv[1:]:
    case ["-m", module, *_]:
        del sys.argv[:2]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    case ["-I", file, *_]:
        del sys.argv[:2]
        runpy.run_path(file, run_name="__main__")
    case _:
        from blastiq_conformance.__main__ import main

        main()
