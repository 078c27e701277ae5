"""Runs one job with the Python module ftplib: HOST PORT USER PASSWORD passive|active upload|download|list [NAME FILE]"""

import ftplib
import sys

host, port, user, password, mode, job, *names = sys.argv[1:]
ftp = ftplib.FTP()
ftp.connect(host, int(port), timeout=10)
ftp.login(user, password)
ftp.set_pasv(mode == "passive")
# Connects to the address in the PASV reply. Python ignores this address by default.
ftp.trust_server_pasv_ipv4_address = True
if job == "list":
    print("\n".join(sorted(ftp.nlst())))
    assert {name for name, _ in ftp.mlsd()} == set(ftp.nlst())
else:
    name, path = names
    if job == "upload":
        with open(path, "rb") as file:
            ftp.storbinary("STOR " + name, file)
    else:
        with open(path, "wb") as file:
            ftp.retrbinary("RETR " + name, file.write)
ftp.quit()
