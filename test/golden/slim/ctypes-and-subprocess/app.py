import ctypes

library = ctypes.CDLL("libxml2.so.2")
