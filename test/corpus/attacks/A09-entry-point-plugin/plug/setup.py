from setuptools import setup

setup(name="plug", version="1.0", py_modules=["plug"], entry_points={"corpus": ["one = plug:one"]})
