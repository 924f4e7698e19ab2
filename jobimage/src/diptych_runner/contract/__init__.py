"""What the runner, the engines and the analysis agree on, and nothing else.

Names, paths, hashes, index arithmetic and two data tables. Every part of Diptych may import this
package; it imports only the standard library, so that the operator can use it without NumPy and
an old image without anything.
"""
