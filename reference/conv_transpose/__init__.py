"""Transposed convolution: the mathematics (`law`) and the documented APIs of each framework on top of it."""
