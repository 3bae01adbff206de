"""Sweeps over many companies: a list, a database for each company, processes or a Dask cluster, one result."""
