"""What every other room stands on: settings, errors, clock, ids and the one JSON codec."""
