# Runs one job with the Perl module Net::FTP: HOST PORT USER PASSWORD plain|explicit|implicit passive|active JOB [NAME FILE]
use strict;
use warnings;
use Net::FTP;

my ($host, $port, $user, $password, $protection, $mode, $job, $name, $file) = @ARGV;
my $ftp = Net::FTP->new(
    $host,
    Port => $port,
    Timeout => 10,
    Passive => $mode eq 'passive' ? 1 : 0,
    SSL => $protection eq 'implicit' ? 1 : 0,
    SSL_verify_mode => 0,
) or die "connect: $@";
if ($protection eq 'explicit') { $ftp->starttls or die 'starttls: ', $ftp->message }
$ftp->login($user, $password) or die 'login: ', $ftp->message;
if ($protection ne 'plain') { $ftp->prot('P') or die 'prot: ', $ftp->message }
$ftp->binary;
if ($job eq 'list') {
    my @names = $ftp->ls or die 'ls: ', $ftp->message;
    print join("\n", @names), "\n";
} elsif ($job eq 'upload') {
    $ftp->put($file, $name) or die 'put: ', $ftp->message;
} elsif ($job eq 'resume-upload') {
    # Net::FTP sends SIZE, sometimes TYPE, then EPSV, PASV or PORT, and APPE.
    my $size = $ftp->size($name);
    defined $size or die 'size: ', $ftp->message;
    open(my $in, '<:raw', $file) or die $!;
    seek($in, $size, 0) or die $!;
    $ftp->append($in, $name) or die 'append: ', $ftp->message;
} else {
    my $start = $job eq 'resume-download' ? -s $file : 0;
    $ftp->get($name, $file, $start) or die 'get: ', $ftp->message;
}
$ftp->quit;
