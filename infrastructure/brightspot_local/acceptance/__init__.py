"""The acceptance run: 80 public addresses of all states, analysed, timed and compared with an earlier run."""
