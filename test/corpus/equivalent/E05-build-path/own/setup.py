from setuptools import setup

setup(name="own", version="1.0", packages=["own"])
