"""The oracle: documented operators in NumPy, and the error bounds that judge others against them."""
