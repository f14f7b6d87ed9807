#!/usr/bin/env perl
# HTTP::Tiny, of Perl's core: post_form with a hash reference, as its documentation shows; signs in again on 401.
use v5.20;
use warnings;
use Encode qw(decode_utf8);
use HTTP::Tiny;
use JSON::XS; # not the core's JSON::PP 4.16: it loses a zero that is written \u0030

my $http      = HTTP::Tiny->new(timeout => 10, max_redirect => 0);
my $authority = $ENV{BLASTIQ_AUTHORITY} =~ s{/$}{}r;

sub fail { say STDERR "BlastIQ: $_[0]"; exit 1 }

sub object {
    my ($answer, $what) = @_;
    fail("$what was answered $answer->{status}") unless $answer->{success};
    my $object = eval { decode_json($answer->{content}) };
    fail("$what was answered with something else than a JSON object") unless ref $object eq 'HASH';
    return $object;
}

sub discover {
    my $document = object($http->get("$authority/.well-known/openid-configuration"), 'discovery');
    fail('the issuer is not the authority') unless ($document->{issuer} // '') =~ s{/$}{}r eq $authority;
    return $document->{token_endpoint} // fail('discovery names no token endpoint');
}

sub sign_in {
    # post_form encodes characters, and the environment holds bytes: hence decode_utf8.
    my $answer = $http->post_form($_[0], {
        grant_type => 'password',
        client_id  => $ENV{BLASTIQ_CLIENT_ID},
        username   => decode_utf8($ENV{BLASTIQ_USERNAME}),
        password   => decode_utf8($ENV{BLASTIQ_PASSWORD}),
    });
    my $tokens = object($answer, 'sign-in');
    fail('no bearer token') unless $tokens->{access_token} and lc($tokens->{token_type} // '') eq 'bearer';
    return $tokens->{access_token};
}

sub call_api { $http->get($ENV{BLASTIQ_API_URL}, { headers => { Authorization => "Bearer $_[0]" } }) }

fail('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD') unless length $ENV{BLASTIQ_USERNAME} and length $ENV{BLASTIQ_PASSWORD};
my $endpoint = discover();
my $token    = sign_in($endpoint);
for my $call (1 .. $ENV{BLASTIQ_API_CALLS}) {
    sleep 1 if $call > 1;
    my $answer = call_api($token);
    $answer = call_api($token = sign_in($endpoint)) if $answer->{status} == 401;
    fail("the API answered $answer->{status}") unless $answer->{success};
}
