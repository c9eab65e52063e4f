"""What was found, and how people see it: the run file, and its reports. They run nothing."""
