"""The store seam: files by path under one address, as a folder or as S3.

Runner, local engine and analysis all reach their store through `Store`; what they have in common
stands here once. Imports the standard library, and boto3 when an address is S3.
"""
