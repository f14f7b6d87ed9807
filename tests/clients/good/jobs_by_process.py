"""A process for each job, as cron and queues start them: it signs in, does its one call, and ends."""

import os
import subprocess
import sys
import time

from tests.clients.flawed.mutants.core import Client

if sys.argv[1:] == ["job"]:
    Client(os.environ).main()
else:
    for number in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if number else 0)
        one = os.environ | {"BLASTIQ_API_CALLS": "1"}
        done = subprocess.run([sys.executable, __file__, "job"], env=one, check=False)
        if done.returncode:
            sys.exit(done.returncode)
