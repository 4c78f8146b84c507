from setuptools import Extension, setup

setup(ext_modules=[Extension("meter._median", ["src/meter/_median.c"])])
