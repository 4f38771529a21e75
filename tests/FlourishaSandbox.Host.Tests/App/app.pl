# A server for the gateway's tests, in the Perl that every Debian has. It answers as paths say, and writes down each head that
# reaches it, byte for byte, in /tmp/seen-PORT.
# usage: perl app.pl PORT [ADDRESS [ONLY]]    with ONLY, every answer has that in a header of its own
use strict;
use warnings;
use IO::Socket::INET;
use Digest::SHA qw(sha1 sha256_hex);
use MIME::Base64 qw(encode_base64);

my ($port, $address, $mark) = @ARGV;
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(LocalAddr => $address // '0.0.0.0', LocalPort => $port, Listen => 512, ReuseAddr => 1) or die "$!\n";
my ($connection, $buffer) = (undef, '');
while (1) {
    $connection = $server->accept or next;
    my $child = fork;
    if (defined $child && $child == 0) {
        close $server;
        1 while serve();
        exit 0;
    }
    close $connection;
}

sub more { return sysread $connection, $buffer, 65536, length $buffer }

sub say_all {
    my $text = join '', @_;
    my $at = 0;
    while ($at < length $text) {
        my $count = syswrite $connection, $text, length($text) - $at, $at;
        exit 0 unless $count;
        $at += $count;
    }
}

sub take {
    my $count = shift;
    while (length $buffer < $count) { more() or exit 0 }
    return substr $buffer, 0, $count, '';
}

sub take_line {
    while ($buffer !~ /\n/) { more() or exit 0 }
    return substr $buffer, 0, index($buffer, "\n") + 1, '';
}

# Hands the content over as it arrives, piece by piece.
sub each_piece {
    my ($head, $use) = @_;
    if ($head =~ /^Transfer-Encoding: *chunked/mi) {
        while ((my $size = hex take_line()) > 0) {
            $use->(take($size));
            take_line();
        }
        1 while take_line() =~ /\S/;
    } elsif ($head =~ /^Content-Length: *(\d+)/mi) {
        for (my $left = $1; $left > 0;) {
            if (length $buffer == 0) { more() or exit 0 }
            my $piece = take(length $buffer < $left ? length $buffer : $left);
            $left -= length $piece;
            $use->($piece);
        }
    }
}

sub content { my $all = ''; each_piece($_[0], sub { $all .= $_[0] }); return $all }

sub answer {
    my ($status, $headers, $text) = @_;
    my $own = defined $mark ? "X-App: $mark\r\n" : '';
    say_all("HTTP/1.1 $status\r\n$own", $headers, 'Content-Length: ', length $text, "\r\n\r\n", $text);
    return 1;
}

sub chunk { return say_all(sprintf("%x\r\n", length $_[0]), $_[0], "\r\n") }

sub wait_for { my $file = "/tmp/go-$_[0]"; select undef, undef, undef, 0.02 until -e $file }

sub serve {
    my $end;
    while (($end = index $buffer, "\r\n\r\n") < 0) { more() or return 0 }
    my $head = substr $buffer, 0, $end + 4, '';
    open my $seen, '>>', "/tmp/seen-$port" or die;
    syswrite $seen, "$head=====\n";
    close $seen;

    my ($method, $path, $key) = $head =~ m{^(\S+) ([^\s?]*)\??(\S*)};
    return 0 unless defined $path;
    return socket_echo($head) if $path eq '/socket';

    if ($path eq '/pieces') {
        each_piece($head, sub {
            open my $file, '>>', "/tmp/pieces-$key" or die;
            syswrite $file, $_[0];
            close $file;
        });
        return answer('200 OK', '', 'all');
    }
    if ($path eq '/events') {
        say_all("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for my $i (1 .. 3) {
            wait_for("$key-$i");
            chunk("data: $i\n\n");
        }
        say_all("0\r\n\r\n");
        return 1;
    }

    my $content = content($head);
    return answer('200 OK', '', "$head$content") if $path eq '/head';
    return answer('200 OK', '', length($content) . ' ' . sha256_hex($content)) if $path eq '/sum';
    return answer('200 OK', '', 'x' x $key) if $path eq '/big';
    return answer('302 Found', "Location: http://localhost:$port/there?x=1\r\n", '') if $path eq '/away';
    return answer('302 Found', "Location: http://example.com/there\r\n", '') if $path eq '/elsewhere';
    return answer('200 OK', "Set-Cookie: a=1; Domain=localhost; Path=/\r\nSet-Cookie: flourisha_access=9; Path=/\r\n", '') if $path eq '/cookies';
    return answer('200 OK', "X-Flourisha-Gateway: not-listening\r\n", 'not the gateway') if $path eq '/pretend';
    return 0 if $path eq '/break';
    if ($path eq '/go') {
        open my $file, '>', "/tmp/go-$key" or die;
        close $file;
    }
    if ($path eq '/wait') {
        wait_for($key);
        return answer('200 OK', '', 'waited');
    }
    if ($path eq '/twice') {
        # More than was asked for: whoever takes it for the answer to the next question is lost.
        say_all("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
        return 1;
    }
    if ($path eq '/double') {
        say_all("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
        return 1;
    }
    return answer('200 OK', '', "hello from $port");
}

# Says what it is told, frame by frame, until it is told to close.
sub socket_echo {
    my ($key) = $_[0] =~ /^Sec-WebSocket-Key: *(\S+)/mi;
    return answer('400 Bad Request', '', 'no socket') unless defined $key;
    my $accept = encode_base64(sha1($key . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'), '');
    say_all("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\n\r\n");
    while (1) {
        my ($first, $second) = unpack 'CC', take(2);
        my $length = $second & 127;
        $length = unpack 'n', take(2) if $length == 126;
        $length = unpack 'Q>', take(8) if $length == 127;
        my $mask = take(4);
        my $text = take($length) ^ substr($mask x ($length / 4 + 1), 0, $length);
        my $size = $length < 126 ? pack('C', $length) : $length < 65536 ? pack('Cn', 126, $length) : pack('CQ>', 127, $length);
        say_all(pack('C', $first), $size, $text);
        return 0 if ($first & 15) == 8;
    }
}
