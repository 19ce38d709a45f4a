"""The conflict analysis of several cities over the workers of a dask scheduler. The only room that knows dask."""
