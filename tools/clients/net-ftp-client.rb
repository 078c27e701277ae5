# Runs one job with the Ruby class Net::FTP: HOST PORT USER PASSWORD plain|explicit passive|active JOB [NAME FILE]
require "net/ftp"

host, port, user, password, protection, mode, job, name, file = ARGV
options = { port: port.to_i, passive: mode == "passive", open_timeout: 10, read_timeout: 10 }
options[:ssl] = { verify_mode: OpenSSL::SSL::VERIFY_NONE } unless protection == "plain"
Net::FTP.open(host, **options) do |ftp|
  ftp.login(user, password)
  # putbinaryfile then sends SIZE, EPSV or EPRT, and APPE. getbinaryfile then sends REST and RETR.
  ftp.resume = job.start_with?("resume")
  case job
  when /upload$/ then ftp.putbinaryfile(file, name)
  when /download$/ then ftp.getbinaryfile(name, file)
  else puts ftp.nlst
  end
end
