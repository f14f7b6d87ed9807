"""What a live fake can be told while it runs: scenarios, faults, dead tokens; over HTTP or from Python."""
