#!/usr/bin/env perl
# JSON::PP, of Perl's core: decode_json as its documentation shows; up to 4.16 it loses a zero that is written \u0030.
use v5.20;
use warnings;
use Encode qw(decode_utf8);
use HTTP::Tiny;
use JSON::PP;

my $http       = HTTP::Tiny->new(timeout => 10);
my $discovered = $http->get($ENV{BLASTIQ_AUTHORITY} =~ s{/$}{}r . '/.well-known/openid-configuration');
my $answer     = $http->post_form(decode_json($discovered->{content})->{token_endpoint}, {
    grant_type => 'password',
    client_id  => $ENV{BLASTIQ_CLIENT_ID},
    username   => decode_utf8($ENV{BLASTIQ_USERNAME}),
    password   => decode_utf8($ENV{BLASTIQ_PASSWORD}),
});
die "BlastIQ: sign-in was answered $answer->{status}\n" unless $answer->{success};
my $token  = decode_json($answer->{content})->{access_token};
my $called = $http->get($ENV{BLASTIQ_API_URL}, { headers => { Authorization => "Bearer $token" } });
die "BlastIQ: the API answered $called->{status}\n" unless $called->{success};
