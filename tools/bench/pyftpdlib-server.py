"""Runs pyftpdlib with one user that has all permissions: PORT DIRECTORY PASSIVE_RANGE [PEM_FILE]"""
import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

port, directory, ports, certificate = sys.argv[1:]
logging.disable(logging.CRITICAL)
authorizer = DummyAuthorizer()
authorizer.add_user("bench", "bench", directory, perm="elradfmwMT")
Handler = FTPHandler
if certificate:
    from pyftpdlib.handlers import TLS_FTPHandler

    Handler = TLS_FTPHandler
    Handler.certfile = certificate
Handler.authorizer = authorizer
first, end = map(int, ports.split(","))
Handler.passive_ports = range(first, end)
server = FTPServer(("127.0.0.1", int(port)), Handler, backlog=1024)
server.max_cons = 20000
server.max_cons_per_ip = 20000
server.serve_forever()
