import numpy
from scipy.optimize import curve_fit

x = numpy.linspace(0, 4, 9)
(slope, offset), _ = curve_fit(lambda x, a, b: a * x + b, x, 3 * x + 1)
print(round(float(slope), 6), round(float(offset), 6))
