def answer():
    import psycopg2

    return psycopg2.__version__
