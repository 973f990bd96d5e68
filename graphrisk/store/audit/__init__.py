"""The audit: who read or decided what, for which purpose, in a log that anybody can check."""
