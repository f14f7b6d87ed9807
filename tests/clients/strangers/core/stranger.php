<?php
// A right client on PHP's curl, and what real PHP programs do wrong in it: `stranger.php [FLAW]`.
declare(strict_types=1);

class StrangerError extends RuntimeException {}
class RefusedError extends StrangerError {}

class Client
{
    protected string $endpoint = '';
    protected array $tokens = [];
    protected string $authority;

    public function __construct()
    {
        $this->authority = rtrim(getenv('BLASTIQ_AUTHORITY'), '/');
    }

    protected function options(): array
    {
        return [CURLOPT_TIMEOUT => 10] + (getenv('SSL_CERT_FILE') ? [CURLOPT_CAINFO => getenv('SSL_CERT_FILE')] : []);
    }

    /** One try: status, body, seconds to wait as Retry-After says; status 0 where no answer came. */
    protected function send(string $url, array $options): array
    {
        $told = 0;
        $curl = curl_init($url);
        curl_setopt_array($curl, $options + $this->options() + [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_ENCODING => '',
            CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$told): int {
                if (preg_match('/^retry-after:\s*(.+?)\s*$/i', $line, $found)) {
                    $told = ctype_digit($found[1]) ? (int) $found[1] : max(0, (int) strtotime($found[1]) - time());
                }
                return strlen($line);
            },
        ]);
        $body = curl_exec($curl);
        return $body === false ? [0, '', 0] : [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body, $told];
    }

    protected function ask(string $url, array $options = []): array
    {
        foreach ([1, 2, null] as $usual) {
            [$status, $body, $told] = $this->send($url, $options);
            if ($usual === null || $told > 30 || ($status > 0 && $status < 500 && $status !== 429)) {
                break;
            }
            sleep(max($usual, $told));
        }
        return $status ? [$status, $body] : throw new StrangerError('no answer');
    }

    protected function object(array $answer, string $what): array
    {
        [$status, $body] = $answer;
        if ($status !== 200) {
            throw $status === 400 ? new RefusedError("$what was refused") : new StrangerError("$what was answered $status");
        }
        $document = json_decode($body, false) instanceof stdClass ? json_decode($body, true) : null;
        return $document ?? throw new StrangerError("$what was answered with something else than a JSON object");
    }

    protected function metadata(string $url): array
    {
        return $this->object($this->ask($url), 'discovery');
    }

    protected function discover(): void
    {
        $document = $this->metadata("$this->authority/.well-known/openid-configuration");
        if (rtrim((string) ($document['issuer'] ?? ''), '/') !== rtrim($this->authority, '/')) {
            throw new StrangerError('the issuer is not the authority');
        }
        $this->endpoint = (string) ($document['token_endpoint'] ?? '');
        if (!preg_match(str_starts_with($this->authority, 'https:') ? '/^https:/' : '/^https?:/', $this->endpoint)) {
            throw new StrangerError('discovery names no token endpoint');
        }
    }

    protected function form(array $grant): array
    {
        return $grant + ['client_id' => getenv('BLASTIQ_CLIENT_ID')];
    }

    protected function post(array $form): array
    {
        return $this->ask($this->endpoint, [CURLOPT_POSTFIELDS => http_build_query($form)]);
    }

    protected function request(array $grant): array
    {
        $tokens = $this->object($this->post($this->form($grant)), 'the token request');
        if (empty($tokens['access_token']) || strtolower((string) ($tokens['token_type'] ?? '')) !== 'bearer') {
            throw new StrangerError('no bearer token');
        }
        return $tokens;
    }

    protected function signIn(string $username, string $password): void
    {
        $this->tokens = $this->request(['grant_type' => 'password', 'username' => $username, 'password' => $password]);
    }

    protected function signInAgain(): void
    {
        $this->signIn(getenv('BLASTIQ_USERNAME'), getenv('BLASTIQ_PASSWORD'));
    }

    protected function renew(): void
    {
        if (empty($this->tokens['refresh_token'])) {
            $this->signInAgain();
            return;
        }
        try {
            $grant = ['grant_type' => 'refresh_token', 'refresh_token' => $this->tokens['refresh_token']];
            $this->tokens = $this->request($grant) + $this->tokens;
        } catch (RefusedError) {
            $this->signInAgain();
        }
    }

    protected function callApi(): int
    {
        $bearer = "Authorization: Bearer {$this->tokens['access_token']}";
        return $this->ask(getenv('BLASTIQ_API_URL'), [CURLOPT_HTTPHEADER => [$bearer]])[0];
    }

    public function run(): void
    {
        if (getenv('BLASTIQ_USERNAME') === '' || getenv('BLASTIQ_PASSWORD') === '') {
            throw new StrangerError('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
        }
        $this->discover();
        $this->signInAgain();
        for ($call = 0; $call < (int) getenv('BLASTIQ_API_CALLS'); $call++) {
            sleep($call ? 1 : 0);
            $status = $this->callApi();
            if ($status === 401) {
                $this->renew();
                $status = $this->callApi();
            }
            if ($status !== 200) {
                throw new StrangerError("the API answered $status");
            }
        }
    }

    public function end(Throwable $problem): never
    {
        fwrite(STDERR, "BlastIQ: {$problem->getMessage()}\n");
        exit(1);
    }
}

/** What the token endpoint says today; PHP 8 refuses a name that the constructor has not. */
class Token
{
    public function __construct(
        public string $access_token = '', public mixed $expires_in = null, public string $token_type = '',
        public ?string $refresh_token = null, public ?string $scope = null, public ?string $id_token = null,
    ) {}
}

$flaws = [
    // arg_separator.output of a php.ini for pages: what stands between the fields is &amp;.
    'separator-of-pages' => fn() => new class extends Client {
        protected function post(array $form): array
        {
            return $this->ask($this->endpoint, [CURLOPT_POSTFIELDS => http_build_query($form, '', '&amp;')]);
        }
    },
    // The authority is put before the path as it was given.
    'slash-kept' => fn() => new class extends Client {
        public function __construct() { $this->authority = getenv('BLASTIQ_AUTHORITY'); }
    },
    // The refresh is the first form with two fields changed and one more.
    'password-on-refresh' => fn() => new class extends Client {
        protected function form(array $grant): array
        {
            return parent::form($grant + ['username' => getenv('BLASTIQ_USERNAME'), 'password' => getenv('BLASTIQ_PASSWORD')]);
        }
    },
    // new Token(...$json): named arguments.
    'named-arguments' => fn() => new class extends Client {
        protected function request(array $grant): array
        {
            try {
                return array_filter((array) new Token(...parent::request($grant)));
            } catch (Error $problem) {
                throw new StrangerError($problem->getMessage());
            }
        }
    },
    // CURLOPT_SSL_VERIFYHOST off, and VERIFYPEER left on.
    'any-host-name' => fn() => new class extends Client {
        protected function options(): array { return [CURLOPT_SSL_VERIFYHOST => 0] + parent::options(); }
    },
    // urlencode of each value, and then http_build_query, which encodes as well.
    'encoded-twice' => fn() => new class extends Client {
        protected function form(array $grant): array { return array_map('urlencode', parent::form($grant)); }
    },
    // curl of PHP has no limit of its own.
    'no-timeout' => fn() => new class extends Client {
        protected function options(): array { return array_diff_key(parent::options(), [CURLOPT_TIMEOUT => 0]); }
    },
    // A library that always posts the secret it was configured with, here an empty one.
    'empty-secret' => fn() => new class extends Client {
        protected function form(array $grant): array { return parent::form($grant) + ['client_secret' => '']; }
    },
    // The whole exception is written, and PHP puts the arguments of each function into its trace.
    'arguments-in-trace' => fn() => new class extends Client {
        public function end(Throwable $problem): never
        {
            fwrite(STDERR, "$problem\n");
            exit(1);
        }
    },
    // Every problem is logged, and the job is done.
    'always-zero' => fn() => new class extends Client {
        public function end(Throwable $problem): never
        {
            fwrite(STDERR, "BlastIQ: {$problem->getMessage()}\n");
            exit(0);
        }
    },
    // One stream context for all requests, and it says POST.
    'posted-discovery' => fn() => new class extends Client {
        protected function metadata(string $url): array
        {
            $context = stream_context_create(['http' => ['method' => 'POST', 'timeout' => 10, 'ignore_errors' => true]]);
            $body = (string) @file_get_contents($url, false, $context);
            return $this->object([(int) explode(' ', $http_response_header[0] ?? 'HTTP 0')[1], $body], 'discovery');
        }
    },
    // CURLOPT_USERPWD names the client beside the form.
    'client-in-basic' => fn() => new class extends Client {
        protected function post(array $form): array
        {
            $options = [CURLOPT_POSTFIELDS => http_build_query($form), CURLOPT_USERPWD => "{$form['client_id']}:"];
            return $this->ask($this->endpoint, $options);
        }
    },
    // Input from outside is made fit for HTML, and a password is input from outside.
    'sanitized' => fn() => new class extends Client {
        protected function signIn(string $username, string $password): void
        {
            parent::signIn($username, filter_var($password, FILTER_SANITIZE_FULL_SPECIAL_CHARS));
        }
    },
];

// PHP's own defaults, and those of php.ini-development.
ini_set('zend.exception_ignore_args', '0');
ini_set('zend.exception_string_param_max_len', '15');
$client = isset($argv[1]) ? $flaws[$argv[1]]() : new Client();
try {
    $client->run();
} catch (StrangerError $problem) {
    $client->end($problem);
}
