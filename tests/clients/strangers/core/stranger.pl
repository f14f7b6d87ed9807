#!/usr/bin/env perl
# A right client on libwww-perl, and what real Perl programs do wrong in it: `stranger.pl [FLAW]`.
use v5.20;
use warnings;
use HTTP::Date 'str2time';
use HTTP::Request::Common qw(GET POST);
use JSON::XS;
use LWP::UserAgent;

my $agent     = LWP::UserAgent->new(timeout => 10, requests_redirectable => []);
my $authority = $ENV{BLASTIQ_AUTHORITY} =~ s{/$}{}r;
my ($endpoint, $tokens);

# What ends the program: words without a secret, and whether the identity server said no.
sub fail { die { words => $_[0], refused => $_[1] } }

# One try. The timeout of LWP is that of each read; an answer that drips needs one of the whole.
sub send_request {
    my ($request) = @_;
    my $answer = eval {
        local $SIG{ALRM} = sub { die "no answer within 10 s\n" };
        alarm 10;
        my $given = $agent->request($request);
        alarm 0;
        $given;
    };
    alarm 0;
    return undef if !$answer || ($answer->header('Client-Warning') // '') eq 'Internal response' || $answer->header('X-Died') || $answer->header('Client-Aborted');
    return $answer;
}

sub retry_after {
    my $header = $_[0]->header('Retry-After') // '';
    return $header if $header =~ /^\d+$/a;
    my $due = str2time($header) // 0;
    return $due > time ? $due - time : 0;
}

sub ask {
    my ($request) = @_;
    for my $usual (1, 2, undef) {
        my $answer = send_request($request);
        my $told   = $answer ? retry_after($answer) : 0;
        if (!$usual || $told > 30 || ($answer && $answer->code < 500 && $answer->code != 429)) {
            return $answer // fail('no answer');
        }
        sleep($told > $usual ? $told : $usual);
    }
}

sub object {
    my ($answer, $what) = @_;
    fail("$what was answered " . $answer->code, $answer->code == 400) if $answer->code != 200;
    my $object = eval { decode_json($answer->decoded_content(charset => 'none')) };
    fail("$what was answered with something else than a JSON object") unless ref $object eq 'HASH';
    return $object;
}

sub discover {
    my $document = object(ask(GET "$authority/.well-known/openid-configuration"), 'discovery');
    fail('the issuer is not the authority') unless ($document->{issuer} // '') =~ s{/$}{}r eq $authority;
    $endpoint = $document->{token_endpoint} // '';
    fail('discovery names no token endpoint') unless $endpoint =~ ($authority =~ /^https:/ ? qr/^https:/ : qr/^https?:/);
}

sub post { POST $endpoint, [@_, client_id => $ENV{BLASTIQ_CLIENT_ID}] }

sub is_bearer { lc($_[0]{token_type} // '') eq 'bearer' }

sub request_tokens {
    my $given = object(ask(post(@_)), 'the token request');
    fail('no bearer token') unless length($given->{access_token} // '') and is_bearer($given);
    return $given;
}

sub password { $ENV{BLASTIQ_PASSWORD} }

sub sign_in {
    $tokens = request_tokens(grant_type => 'password', username => $ENV{BLASTIQ_USERNAME}, password => password());
}

sub renew {
    my $refresh = $tokens->{refresh_token} or return sign_in();
    my $given   = eval { request_tokens(grant_type => 'refresh_token', refresh_token => $refresh) };
    return $tokens = { %$tokens, %$given } if $given;
    ref $@ && $@->{refused} ? sign_in() : die $@;
}

sub bearer { "Bearer $tokens->{access_token}" }

sub call_api { ask(GET $ENV{BLASTIQ_API_URL}, Authorization => bearer())->code }

sub run {
    fail('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD') unless length $ENV{BLASTIQ_USERNAME} && length password();
    discover();
    sign_in();
    for my $call (1 .. $ENV{BLASTIQ_API_CALLS}) {
        sleep 1 if $call > 1;
        my $status = call_api();
        if ($status == 401) {
            renew();
            $status = call_api();
        }
        fail("the API answered $status") if $status != 200;
    }
}

# Each flaw puts its own subs in the place of those above.
no warnings qw(redefine);
my %flaws = (
    # A worker is started with what it needs as options, which everybody reads in the process list.
    'password-option' => sub {
        my ($given) = map { /^--password=(.*)/s } @ARGV;
        exec $^X, $0, 'password-option', "--password=$ENV{BLASTIQ_PASSWORD}" unless defined $given;
        *password = sub { $given };
    },
    # A blank stands in the template, and one more before the token.
    'two-blanks' => sub { *bearer = sub { "Bearer  $tokens->{access_token}" } },
    # The column of the table that keeps it has 4,000 characters.
    'short-column' => sub { *bearer = sub { 'Bearer ' . substr $tokens->{access_token}, 0, 4000 } },
    # HTTP::Request->new with a body and no word of what it is.
    'no-content-type' => sub {
        my $whole = \&post;
        *post = sub { HTTP::Request->new(POST => $endpoint, [], $whole->(@_)->content) };
    },
    # The parts of multipart/form-data, under the header that the manual asks for.
    'parts-as-form' => sub {
        my $whole = \&post;
        *post = sub {
            my $parts = POST $endpoint, Content_Type => 'form-data', Content => [@_, client_id => $ENV{BLASTIQ_CLIENT_ID}];
            HTTP::Request->new(POST => $endpoint, ['Content-Type', 'application/x-www-form-urlencoded'], $parts->content);
        };
    },
    # Whatever kind of token comes is sent as a bearer token.
    'any-kind' => sub { *is_bearer = sub { 1 } },
    # 429 is a hiccup: again after a fifth of a second, where the server names no time.
    'impatient' => sub {
        my $patient = \&ask;
        *ask = sub {
            my ($request) = @_;
            for my $try (1 .. 3) {
                my $answer = send_request($request);
                return $patient->($request) if !$answer || $answer->code >= 500;
                return $answer if $answer->code != 429 || $try == 3;
                select undef, undef, undef, retry_after($answer) || 0.2;
            }
        };
    },
    # The refresh token is thought to be enough.
    'refresh-alone' => sub {
        my $whole = \&post;
        *post = sub { my %form = @_; $form{refresh_token} ? POST($endpoint, [@_]) : $whole->(@_) };
    },
    # The gateway of old wanted a cookie, and it is still sent.
    'cookie-too' => sub {
        *call_api = sub {
            ask(GET $ENV{BLASTIQ_API_URL}, Authorization => bearer(), Cookie => "access_token=$tokens->{access_token}")->code;
        };
    },
    # One sign-in to see whether the credentials are good, and one to work with.
    'signs-in-twice' => sub {
        my $once = \&discover;
        *discover = sub { $once->(); sign_in() };
    },
    # A log file for the support, with every form as it was sent.
    'logs-forms' => sub {
        my $whole = \&post;
        *post = sub {
            my $request = $whole->(@_);
            umask 077;
            open my $log, '>>', "$ENV{HOME}/blastiq.log" or die $!;
            say $log 'POST ', $endpoint, ' ', $request->content;
            close $log;
            return $request;
        };
    },
    # verify_hostname => 0 of LWP: the chain is still looked at, the name is not.
    'verify-hostname-off' => sub { $agent->ssl_opts(verify_hostname => 0) },
);

if (my $flaw = $ARGV[0]) { $flaws{$flaw}->() }
eval { run(); 1 } or do {
    my $problem = $@;
    say STDERR 'BlastIQ: ', ref $problem ? $problem->{words} : $problem;
    exit 1;
};
