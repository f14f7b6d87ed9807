# What is unusual but legal, in Perl: each package differs from the plain client in one thing.
use v5.36;

# Offers every content coding that HTTP::Message can undo, as LWP's documentation shows.
package Decodes {
    our @ISA = 'Client';

    sub send ($self, $request) {
        $request->header('Accept-Encoding' => scalar HTTP::Message::decodable());
        return Client::send($self, $request);
    }
}

# Escapes every byte, letters too, in small hex digits: RFC 3986 2.1 and 2.3 call that equal.
package OverEscapes {
    our @ISA = 'Client';
    sub escaped ($self, $bytes) { return join '', map { sprintf '%%%02x', ord } split //, $bytes }
}

# Two blanks after the scheme, which RFC 9110 11.4 allows.
package TwoBlanks {
    our @ISA = 'Client';
    sub authorization ($self) { return "Bearer  $self->{tokens}{access_token}" }
}

# Fails by die, as Perl programs do: the exit status is errno, or 255.
package Dies {
    our @ISA = 'Client';
    sub fail ($self, $text) { die "BlastIQ: $text\n" }
}

# A scheduled job that ends at the first 401: the next one signs in anew.
package EndsAt401 {
    our @ISA = 'Client';
    sub renew ($self) { $self->fail('the token is refused; the next run signs in anew') }
}

# Takes two seconds before it does anything.
package StartsSlowly {
    our @ISA = 'Client';
    sub run ($self) { sleep 2; return Client::run($self) }
}

# Lets curl do each exchange, a process of its own; all secrets go in by its standard input.
package HelperProcess {
    use HTTP::Response;
    use IPC::Open2 qw(open2);
    our @ISA = 'Client';

    sub transmit ($self, $request) {
        my $pid = open2(my $out, my $in, qw(curl --disable --silent --include --http1.1 --max-time 9 --config -));
        my @lines = (url => $request->uri, request => $request->method, map { (header => $_) } split /\n/, $request->headers->as_string);
        push @lines, (data => $request->content) if $request->method eq 'POST';
        while (my ($option, $value) = splice @lines, 0, 2) { print $in "$option = \"$value\"\n" }
        close $in;
        my $got = do { local $/; <$out> };
        waitpid $pid, 0;
        return $? ? undef : HTTP::Response->parse($got);
    }
}

# Asks for the scope that the article names for libraries that insist on one; gets no refresh token, and signs in again.
package ScopeCosmos {
    our @ISA = 'Client';
    sub ask ($self, $grant) { return Client::ask($self, [@$grant, scope => 'cosmos']) }
}

sub main::oddity ($name) {
    my %oddities = (
        'decodes' => 'Decodes', 'over-escapes' => 'OverEscapes', 'two-blanks' => 'TwoBlanks', 'dies' => 'Dies',
        'ends-at-401' => 'EndsAt401', 'starts-slowly' => 'StartsSlowly', 'helper-process' => 'HelperProcess',
        'scope-cosmos' => 'ScopeCosmos',
    );
    return $oddities{$name} // die "no oddity is called $name\n";
}

1;
