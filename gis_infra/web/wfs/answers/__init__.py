"""What the operations that read answer with, written as it is read: memory does not grow with the answer."""
