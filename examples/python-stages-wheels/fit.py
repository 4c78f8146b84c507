import bottle
import numpy as np
from scipy.optimize import curve_fit


@bottle.get("/health")
def health():
    x = np.linspace(0, 1, 20)
    (slope, offset), _ = curve_fit(lambda t, a, b: a * t + b, x, 3 * x + 1)
    return {"status": "healthy", "slope": round(float(slope), 4), "offset": round(float(offset), 4)}


bottle.run(host="0.0.0.0", port=8080)
