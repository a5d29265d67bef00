"""What runs by the clock: the timetable, the runner, the scheduler, one file a job."""
