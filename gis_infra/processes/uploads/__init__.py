"""Files handed in to be imported: received, kept for a while, looked into by a process of their own."""
