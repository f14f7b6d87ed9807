#!/usr/bin/env perl
# libwww-perl: LWP::UserAgent->post with an array reference, as its documentation shows; refreshes on 401.
use v5.20;
use warnings;
use JSON::XS;
use LWP::UserAgent;

# LWP follows no redirect of a POST unless told to.
my $agent     = LWP::UserAgent->new(timeout => 10);
my $authority = $ENV{BLASTIQ_AUTHORITY} =~ s{/$}{}r;

sub fail { say STDERR "BlastIQ: $_[0]"; exit 1 }

sub object {
    my ($answer, $what) = @_;
    fail("$what was answered " . $answer->code) unless $answer->is_success;
    my $object = eval { decode_json($answer->decoded_content(charset => 'none')) };
    fail("$what was answered with something else than a JSON object") unless ref $object eq 'HASH';
    return $object;
}

sub discover {
    my $document = object($agent->get("$authority/.well-known/openid-configuration"), 'discovery');
    fail('the issuer is not the authority') unless ($document->{issuer} // '') =~ s{/$}{}r eq $authority;
    return $document->{token_endpoint} // fail('discovery names no token endpoint');
}

my $endpoint;
sub ask { $agent->post($endpoint, [@_, client_id => $ENV{BLASTIQ_CLIENT_ID}]) }

sub tokens {
    my $tokens = object($_[0], 'the token request');
    fail('no bearer token') unless $tokens->{access_token} and lc($tokens->{token_type} // '') eq 'bearer';
    return $tokens;
}

sub sign_in {
    return tokens(ask(grant_type => 'password', username => $ENV{BLASTIQ_USERNAME}, password => $ENV{BLASTIQ_PASSWORD}));
}

sub renew {
    my $refresh = $_[0]{refresh_token} or return sign_in();
    my $answer = ask(grant_type => 'refresh_token', refresh_token => $refresh);
    return $answer->code == 400 ? sign_in() : { refresh_token => $refresh, %{ tokens($answer) } };
}

sub call_api { $agent->get($ENV{BLASTIQ_API_URL}, Authorization => "Bearer $_[0]{access_token}") }

fail('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD') unless length $ENV{BLASTIQ_USERNAME} and length $ENV{BLASTIQ_PASSWORD};
$endpoint = discover();
my $tokens = sign_in();
for my $call (1 .. $ENV{BLASTIQ_API_CALLS}) {
    sleep 1 if $call > 1;
    my $answer = call_api($tokens);
    $answer = call_api($tokens = renew($tokens)) if $answer->code == 401;
    fail('the API answered ' . $answer->code) unless $answer->is_success;
}
