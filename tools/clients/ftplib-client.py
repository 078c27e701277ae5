"""Runs one job with the Python module ftplib: HOST PORT USER PASSWORD plain|explicit passive|active JOB [NAME FILE]"""

import ftplib
import os
import ssl
import sys

host, port, user, password, protection, mode, job, *names = sys.argv[1:]
if protection == "plain":
    ftp = ftplib.FTP()
else:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    ftp = ftplib.FTP_TLS(context=context)
ftp.connect(host, int(port), timeout=10)
ftp.login(user, password)
if protection == "explicit":
    ftp.prot_p()
ftp.set_pasv(mode == "passive")
if job == "list":
    print("\n".join(ftp.nlst()))
else:
    name, path = names
    resume = job.startswith("resume")
    if job.endswith("upload"):
        with open(path, "rb") as file:
            ftp.voidcmd("TYPE I")
            # Most scripts send SIZE, EPSV and APPE to resume an upload.
            if resume:
                file.seek(ftp.size(name))
            ftp.storbinary(("APPE " if resume else "STOR ") + name, file)
    else:
        with open(path, "ab" if resume else "wb") as file:
            start = os.path.getsize(path) if resume else None
            ftp.retrbinary("RETR " + name, file.write, rest=start)
ftp.quit()
