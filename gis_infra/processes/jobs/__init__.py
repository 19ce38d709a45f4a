"""Jobs: what was asked to run, the queue it waits in, the worker that runs it. Knows no HTTP and no terminal."""
