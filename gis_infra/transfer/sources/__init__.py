"""What surveyors hand in: files, archives and folders, described and read as batches."""
