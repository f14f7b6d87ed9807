#!/usr/bin/env perl
# A right client on HTTP::Tiny, with messages of LWP's HTTP::Message; each method is a seam for one oddity. Start it with an oddity's name.
use v5.36;

package Client;
use HTTP::Date qw(str2time);
use HTTP::Request;
use HTTP::Response;
use HTTP::Tiny;
use JSON::XS qw(decode_json);
use URI::Escape qw(uri_escape);

sub new ($class) {
    return bless { http => HTTP::Tiny->new(timeout => 10, max_redirect => 0), tokens => {} }, $class;
}

# What ends the program; the text holds no secret.
sub fail ($self, $text) { say STDERR "BlastIQ: $text"; exit 1 }

sub run ($self) {
    $self->fail('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD')
        unless length($ENV{BLASTIQ_USERNAME} // '') and length($ENV{BLASTIQ_PASSWORD} // '');
    $self->discover;
    $self->sign_in;
    for my $number (1 .. $ENV{BLASTIQ_API_CALLS}) {
        sleep 1 if $number > 1;
        $self->call;
    }
}

sub discover ($self) {
    my $authority = $ENV{BLASTIQ_AUTHORITY} =~ s{/$}{}r;
    my $document  = $self->object($self->patiently(GET => "$authority/.well-known/openid-configuration"), 'discovery');
    $self->fail('the issuer is not the authority') unless ($document->{issuer} // '') =~ s{/$}{}r eq $authority;
    $self->{endpoint} = $document->{token_endpoint} // '';
    my $usable = $authority =~ /^https:/ ? qr/^https:/ : qr/^https?:/;
    $self->fail('discovery names no token endpoint that may be used') unless $self->{endpoint} =~ $usable;
}

sub sign_in ($self) {
    $self->{tokens} = {};
    $self->keep($self->ask([grant_type => 'password', username => $ENV{BLASTIQ_USERNAME}, password => $ENV{BLASTIQ_PASSWORD}]));
}

sub renew ($self) {
    my $refresh = $self->{tokens}{refresh_token} // return $self->sign_in;
    my $answer  = $self->ask([grant_type => 'refresh_token', refresh_token => $refresh]);
    return $answer->code == 400 ? $self->sign_in : $self->keep($answer);
}

sub ask ($self, $grant) {
    my $body = $self->form([@$grant, client_id => $ENV{BLASTIQ_CLIENT_ID}]);
    return $self->patiently(POST => $self->{endpoint}, ['Content-Type' => 'application/x-www-form-urlencoded'], $body);
}

sub form ($self, $fields) {
    my @fields = @$fields;
    my @pairs;
    while (my ($name, $value) = splice @fields, 0, 2) { push @pairs, $self->escaped($name) . '=' . $self->escaped($value) }
    return join '&', @pairs;
}

sub escaped ($self, $bytes) { return uri_escape($bytes) }

sub keep ($self, $answer) {
    my $tokens = $self->object($answer, 'the token request');
    my ($token, $type) = @$tokens{qw(access_token token_type)};
    $self->fail('the answer holds no access token') unless defined $token and not ref $token and length $token;
    $self->fail('the token is no bearer token') unless lc($type // '') eq 'bearer';
    $self->{tokens} = { %{ $self->{tokens} }, %$tokens };
}

sub object ($self, $answer, $what) {
    $self->fail("$what was answered " . $answer->code) unless $answer->code == 200;
    my $object = eval { decode_json($answer->decoded_content(charset => 'none')) };
    $self->fail("$what was answered with something else than a JSON object") unless ref $object eq 'HASH';
    return $object;
}

sub call ($self) {
    my $answer = $self->call_api;
    if ($answer->code == 401) {
        $self->renew;
        $answer = $self->call_api;
    }
    $self->fail('the API answered ' . $answer->code) unless $answer->code == 200;
}

sub call_api ($self) { return $self->patiently(GET => $ENV{BLASTIQ_API_URL}, [Authorization => $self->authorization]) }

sub authorization ($self) { return "Bearer $self->{tokens}{access_token}" }

# Two tries, for HTTP::Tiny sends a GET again by itself; what Retry-After asks for goes before: RFC 9110 10.2.3.
sub patiently ($self, $method, $url, $headers = [], $body = undef) {
    for my $tried (1 .. 2) {
        my $pause  = 2**($tried - 1);
        my $answer = $self->send(HTTP::Request->new($method, $url, $headers, $body));
        if ($answer) {
            $pause = $self->pause_after($answer, $pause);
            return $answer if $answer->code != 429 && $answer->code < 500 or $tried == 2 or $pause > 30;
        }
        elsif ($tried == 2) { $self->fail('no answer') }
        sleep $pause;
    }
}

sub pause_after ($self, $answer, $own) {
    my $asked = $answer->header('Retry-After') // '';
    return $asked if $asked =~ /^\d+$/;
    my $until = str2time($asked) // return $answer->code == 429 ? 2 * $own : $own;
    return $until - time > $own ? $until - time : $own;
}

# One exchange, ten seconds in all; 599 is HTTP::Tiny's own status, for no answer and for a short one.
sub send ($self, $request) {
    local $SIG{ALRM} = sub { die "too late\n" };
    alarm 10;
    my $answer = $self->transmit($request);
    alarm 0;
    return $answer;
}

sub transmit ($self, $request) {
    my %content = $request->method eq 'POST' ? (content => $request->content) : ();
    my %headers = $request->headers->flatten;
    my $got = $self->{http}->request($request->method, $request->uri, { headers => \%headers, %content });
    return $got->{status} == 599 ? undef : HTTP::Response->new($got->{status}, undef, [%{ $got->{headers} }], $got->{content});
}

package main;
use File::Basename qw(dirname);
require(dirname(__FILE__) . '/oddities.pl');
oddity($ARGV[0])->new->run;
