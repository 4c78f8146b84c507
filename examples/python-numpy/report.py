"""A batch job: no port, it prints and ends."""

import numpy as np

matrix = np.arange(1, 10, dtype=float).reshape(3, 3) + np.eye(3)
print("determinant", round(float(np.linalg.det(matrix)), 6))
print("eigenvalues", np.sort(np.linalg.eigvals(matrix).real).round(6).tolist())
