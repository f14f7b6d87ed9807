<?php
// A right client with PHP's curl extension; each method is a seam for one oddity. Start it with an oddity's name.
declare(strict_types=1);
ini_set('display_errors', '0');

class BlastiqError extends RuntimeException {}
class NoAnswer extends RuntimeException {}

final readonly class Answer
{
    /** @param array<string, string> $headers names in lower case */
    public function __construct(public int $status, public array $headers, public string $body) {}

    public function object(): array
    {
        $object = json_decode($this->body, true);
        if (!is_array($object) || array_is_list($object)) {
            throw new BlastiqError('the answer is no JSON object');
        }
        return $object;
    }
}

class Client
{
    protected string $authority;
    protected string $endpoint;
    protected array $tokens = [];

    public function __construct()
    {
        $this->authority = preg_replace('~/$~', '', getenv('BLASTIQ_AUTHORITY'));
    }

    public function main(): int
    {
        try {
            $this->run();
            return 0;
        } catch (Throwable $problem) {
            fwrite(STDERR, 'BlastIQ: ' . ($problem instanceof BlastiqError ? $problem->getMessage() : $problem::class) . "\n");
            return $this->failure($problem);
        }
    }

    protected function failure(Throwable $problem): int
    {
        return 1;
    }

    protected function run(): void
    {
        if ((string) getenv('BLASTIQ_USERNAME') === '' || (string) getenv('BLASTIQ_PASSWORD') === '') {
            throw new BlastiqError('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
        }
        $this->discover();
        $this->signIn();
        for ($call = 0; $call < (int) getenv('BLASTIQ_API_CALLS'); $call++) {
            sleep($call ? 1 : 0);
            $this->call();
        }
    }

    protected function discover(): void
    {
        $answer = $this->patiently('GET', $this->discoveryUrl(), []);
        if ($answer->status !== 200) {
            throw new BlastiqError("discovery answered {$answer->status}");
        }
        $document = $answer->object();
        if (preg_replace('~/$~', '', (string) ($document['issuer'] ?? '')) !== $this->authority) {
            throw new BlastiqError('the issuer is not the authority');
        }
        $this->endpoint = (string) ($document['token_endpoint'] ?? '');
        $tls = str_starts_with($this->authority, 'https:');
        if ($this->endpoint === '' || ($tls && !str_starts_with($this->endpoint, 'https:'))) {
            throw new BlastiqError('discovery names no token endpoint that may be used');
        }
    }

    protected function discoveryUrl(): string
    {
        return "{$this->authority}/.well-known/openid-configuration";
    }

    protected function signIn(): void
    {
        $answer = $this->ask([
            'grant_type' => 'password',
            'username' => getenv('BLASTIQ_USERNAME'),
            'password' => getenv('BLASTIQ_PASSWORD'),
        ]);
        $this->tokens = [];
        $this->keep($answer, 'the sign-in');
    }

    protected function renew(): void
    {
        if (!isset($this->tokens['refresh_token'])) {
            $this->signIn();
            return;
        }
        $answer = $this->ask(['grant_type' => 'refresh_token', 'refresh_token' => $this->tokens['refresh_token']]);
        $answer->status === 400 ? $this->signIn() : $this->keep($answer, 'the refresh');
    }

    protected function ask(array $grant): Answer
    {
        $body = $this->form($grant + ['client_id' => getenv('BLASTIQ_CLIENT_ID')]);
        return $this->patiently('POST', $this->endpoint, ['Content-Type: application/x-www-form-urlencoded'], $body);
    }

    protected function form(array $fields): string
    {
        return http_build_query($fields, '', '&');
    }

    protected function keep(Answer $answer, string $what): void
    {
        if ($answer->status !== 200) {
            throw new BlastiqError("$what was answered {$answer->status}");
        }
        $tokens = $answer->object();
        if (!is_string($tokens['access_token'] ?? null) || $tokens['access_token'] === '') {
            throw new BlastiqError('the answer holds no access token');
        }
        if (strtolower((string) ($tokens['token_type'] ?? '')) !== 'bearer') {
            throw new BlastiqError('the token is no bearer token');
        }
        $this->tokens = $tokens + $this->tokens;
    }

    protected function call(): void
    {
        $answer = $this->getApi();
        if ($answer->status === 401) {
            $this->renew();
            $answer = $this->getApi();
        }
        if ($answer->status !== 200) {
            throw new BlastiqError("the API answered {$answer->status}");
        }
    }

    protected function getApi(): Answer
    {
        return $this->patiently('GET', getenv('BLASTIQ_API_URL'), ["Authorization: Bearer {$this->tokens['access_token']}"]);
    }

    /** Three tries at most, with growing pauses; what Retry-After asks for goes before: RFC 9110 10.2.3. */
    protected function patiently(string $method, string $url, array $headers, ?string $body = null): Answer
    {
        for ($tried = 1; ; $tried++) {
            $pause = 2 ** ($tried - 1);
            try {
                $answer = $this->send($method, $url, $headers, $body);
                $pause = $this->pause($answer, $pause);
                if (($answer->status !== 429 && $answer->status < 500) || $tried === 3 || $pause > 30) {
                    return $answer;
                }
            } catch (NoAnswer $problem) {
                if ($tried === 3) {
                    throw new BlastiqError("no answer: {$problem->getMessage()}");
                }
            }
            sleep($pause);
        }
    }

    private function pause(Answer $answer, int $own): int
    {
        $asked = $answer->headers['retry-after'] ?? '';
        if (ctype_digit($asked)) {
            return (int) $asked;
        }
        $until = $asked === '' ? false : strtotime($asked);
        return $until === false ? $own * ($answer->status === 429 ? 2 : 1) : max($own, $until - time());
    }

    protected function send(string $method, string $url, array $headers, ?string $body): Answer
    {
        $seen = [];
        $curl = curl_init($url);
        curl_setopt_array($curl, $this->options() + ($body === null ? [] : [CURLOPT_POSTFIELDS => $body]) + [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 10,
            CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$seen): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $seen[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        $got = curl_exec($curl);
        if ($got === false) {
            throw new NoAnswer('curl error ' . curl_errno($curl));
        }
        return new Answer(curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $seen, $got);
    }

    protected function options(): array
    {
        return [];
    }
}

require __DIR__ . '/oddities.php';
exit(oddity($argv[1])->main());
