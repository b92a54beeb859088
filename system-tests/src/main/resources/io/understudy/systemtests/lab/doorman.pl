# The lab's service: answers every HTTP request with the name of the node that it runs on.
# usage: perl doorman.pl PORT. In perl because that is part of every Debian and starts in
# milliseconds, so that what a client waits for is the move and not the service.
use strict;
use warnings;
use Socket qw(:all);
use IO::Select;
use IO::Handle;

my $port = shift;
my $node = $ENV{UNDERSTUDY_NODE} // 'nobody';
# IPv6's wildcard takes IPv4 too.
socket(my $door, AF_INET6, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
setsockopt($door, 41, 26, 0);    # IPV6_V6ONLY
bind($door, pack_sockaddr_in6($port, IN6ADDR_ANY)) or die "bind: $!";
listen($door, 1024) or die "listen: $!";
$door->blocking(0);

my $all = IO::Select->new($door);
my %since;
my $body = "$node\n";
my $answer = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
    . length($body) . "\r\nConnection: close\r\n\r\n$body";
while (1) {
    for my $ready ($all->can_read(1)) {
        if ($ready == $door) {
            while (accept(my $guest, $door)) {
                $guest->blocking(0);
                $all->add($guest);
                $since{ fileno($guest) } = time;
            }
        }
        else {
            my $got = sysread($ready, my $request, 4096);
            syswrite($ready, $answer) if $got;
            if (defined $got or not $!{EAGAIN}) {
                $all->remove($ready);
                delete $since{ fileno($ready) };
                close $ready;
            }
        }
    }
    # Guests that say nothing, as the network took their words.
    for my $guest ($all->handles) {
        next if $guest == $door or time - ($since{ fileno($guest) } // time) < 3;
        $all->remove($guest);
        delete $since{ fileno($guest) };
        close $guest;
    }
}
