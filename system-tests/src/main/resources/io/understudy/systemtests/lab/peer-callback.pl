# What Patroni calls when its database starts, stops or changes its role: takes the address that
# moves, tells everybody, or lets it go.
# usage: perl peer-callback.pl ADDRESS DEVICE ACTION ROLE SCOPE
use strict;
use warnings;

my ($address, $device, $action, $role) = @ARGV;
my $serves = $action ne 'on_stop' && $role =~ /^(?:master|primary)$/;
my $have = `ip -4 -oneline address show dev $device` =~ /\b\Q$address\E\//;
if ($serves and not $have) {
    system('ip', 'address', 'add', "$address/24", 'dev', $device);
}
if ($have and not $serves) {
    system('ip', 'address', 'delete', "$address/24", 'dev', $device);
}
exit 0 if not $serves;

# Gratuitous ARP: request and reply, at once and again for who missed it.
my ($index, $mac) = `ip -oneline link show dev $device` =~ /^(\d+):.*link\/ether ([0-9a-f:]+)/
    or die "no device $device";
my $hardware = pack('H2' x 6, split /:/, $mac);
my $protocol = pack('C4', split /\./, $address);
socket(my $wire, 17, 3, unpack('S', pack('n', 0x0806))) or die "socket: $!";
my $everybody = "\xff" x 6;
my $to = pack('S n l S C C a8', 17, 0x0806, $index, 1, 0, 6, $everybody);
for my $round (0 .. 2) {
    select(undef, undef, undef, 0.5) if $round;
    for my $kind (1, 2) {
        my $frame = $everybody . $hardware . pack('n', 0x0806)
            . pack('n n C C n', 1, 0x0800, 6, 4, $kind)
            . $hardware . $protocol . $everybody . $protocol;
        send($wire, $frame, 0, $to) or die "send: $!";
    }
}
