"""`brightspot validate`: every backend that the environment names, asked for real, with a plain verdict each."""
