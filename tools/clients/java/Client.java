// Runs one job with commons-net: HOST PORT USER PASSWORD plain|explicit|implicit active|passive upload|download|list|resume-download|resume-upload [NAME FILE]
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.util.TrustManagerUtils;

public class Client {
  public static void main(String[] args) throws Exception {
    FTPClient ftp = connect(args[4], args[0], Integer.parseInt(args[1]));
    check(ftp.login(args[2], args[3]), ftp);
    if (ftp instanceof FTPSClient) {
      ((FTPSClient) ftp).execPBSZ(0);
      ((FTPSClient) ftp).execPROT("P");
    }
    if (args[5].equals("passive")) ftp.enterLocalPassiveMode();
    else ftp.enterLocalActiveMode();
    check(ftp.setFileType(FTP.BINARY_FILE_TYPE), ftp);
    String job = args[6];
    if (job.equals("list")) {
      for (var file : ftp.listFiles()) System.out.println(file.getName());
    } else {
      transfer(ftp, job, args[7], new File(args[8]));
    }
    ftp.logout();
    ftp.disconnect();
  }

  static FTPClient connect(String protection, String host, int port) throws Exception {
    FTPClient ftp = new FTPClient();
    if (!protection.equals("plain")) {
      FTPSClient secured = new FTPSClient(protection.equals("implicit"));
      secured.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
      ftp = secured;
    }
    ftp.setDefaultTimeout(10000);
    ftp.setConnectTimeout(10000);
    ftp.connect(host, port);
    return ftp;
  }

  static void transfer(FTPClient ftp, String job, String name, File file) throws Exception {
    if (job.endsWith("upload")) {
      try (InputStream in = new FileInputStream(file)) {
        if (job.startsWith("resume")) {
          long size = Long.parseLong(ftp.getSize(name));
          in.skipNBytes(size);
          ftp.setRestartOffset(size);
        }
        check(ftp.storeFile(name, in), ftp);
      }
    } else {
      boolean resume = job.startsWith("resume");
      if (resume) ftp.setRestartOffset(file.length());
      try (OutputStream out = new FileOutputStream(file, resume)) {
        check(ftp.retrieveFile(name, out), ftp);
      }
    }
  }

  static void check(boolean done, FTPClient ftp) {
    if (done) return;
    System.err.println(ftp.getReplyString());
    System.exit(1);
  }
}
