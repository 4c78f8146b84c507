import socket


def answer():
    return socket.gethostbyname("localhost")
