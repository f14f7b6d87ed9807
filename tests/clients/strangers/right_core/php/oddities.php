<?php
// What is unusual but legal, in PHP: each class differs from the plain client in one thing.
declare(strict_types=1);

/** HTTP/1.0 by the stream wrapper, whose default it was before PHP 8. */
class StreamsHttp10 extends Client
{
    protected function send(string $method, string $url, array $headers, ?string $body): Answer
    {
        $until = microtime(true) + 10;
        $stream = @fopen($url, 'rb', false, stream_context_create(['http' => [
            'method' => $method, 'header' => $headers, 'content' => $body ?? '', 'timeout' => 10,
            'protocol_version' => 1.0, 'follow_location' => 0, 'ignore_errors' => true,
        ]]));
        if ($stream === false) {
            throw new NoAnswer('the connection failed');
        }
        $answer = $this->parsed(stream_get_meta_data($stream)['wrapper_data'], '');
        for ($got = ''; !feof($stream);) {
            $got .= fread($stream, 8192);
            if (microtime(true) > $until) {
                throw new NoAnswer('it took too long');
            }
        }
        if (strlen($got) !== (int) ($answer->headers['content-length'] ?? strlen($got))) {
            throw new NoAnswer('the answer is cut short');
        }
        return new Answer($answer->status, $answer->headers, $got);
    }

    protected function parsed(array $lines, string $body): Answer
    {
        $headers = [];
        foreach (array_slice($lines, 1) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $headers[strtolower($name)] = trim($value);
        }
        return new Answer((int) (explode(' ', $lines[0])[1] ?? 0), $headers, $body);
    }
}

/** Names of fields in lower case, Host last, and the target as a proxy would get it: RFC 9112 3.2.2 lets servers take it. */
class AbsoluteForm extends StreamsHttp10
{
    protected function send(string $method, string $url, array $headers, ?string $body): Answer
    {
        ['host' => $host, 'port' => $port] = parse_url($url);
        $until = microtime(true) + 10;
        $peer = @fsockopen($host, $port, timeout: 10);
        if ($peer === false) {
            throw new NoAnswer('the connection failed');
        }
        $own = ['Connection: close', 'Content-Length: ' . strlen($body ?? ''), "Host: $host:$port"];
        $fields = array_map(fn ($field) => preg_replace_callback('/^[^:]+/', fn ($name) => strtolower($name[0]), $field), [...$headers, ...$own]);
        @fwrite($peer, "$method $url HTTP/1.1\r\n" . implode("\r\n", $fields) . "\r\n\r\n" . $body);
        for ($got = ''; !feof($peer);) {
            stream_set_timeout($peer, 1);
            $got .= @fread($peer, 8192);
            if (microtime(true) > $until) {
                throw new NoAnswer('it took too long');
            }
        }
        [$head, $rest] = explode("\r\n\r\n", $got, 2) + [1 => null];
        $answer = $this->parsed(explode("\r\n", $head), (string) $rest);
        $chunked = strtolower($answer->headers['transfer-encoding'] ?? '') === 'chunked';
        $whole = $chunked ? $this->joined((string) $rest) : $rest;
        if ($whole === null || (!$chunked && strlen($whole) !== (int) ($answer->headers['content-length'] ?? strlen($whole)))) {
            throw new NoAnswer('the answer is cut short');
        }
        return new Answer($answer->status, $answer->headers, $whole);
    }

    private function joined(string $chunks): ?string
    {
        for ($whole = ''; preg_match('/^([0-9a-f]+)[^\r]*\r\n/i', $chunks, $line);) {
            $size = hexdec($line[1]);
            if ($size === 0) {
                return $whole;
            }
            $whole .= substr($chunks, strlen($line[0]), $size);
            $chunks = substr($chunks, strlen($line[0]) + $size + 2);
        }
        return null;
    }
}

/** A blank is %20 and not +, as league/oauth2-client writes its forms. */
class Rfc3986Form extends Client
{
    protected function form(array $fields): string
    {
        return http_build_query($fields, '', '&', PHP_QUERY_RFC3986);
    }
}

/** An & after the last field: the URL Living Standard passes over empty sequences. */
class TrailingAmpersand extends Client
{
    protected function form(array $fields): string
    {
        return parent::form($fields) . '&';
    }
}

/** Offers every content coding that curl can undo. */
class AllCodings extends Client
{
    protected function options(): array
    {
        return [CURLOPT_ENCODING => ''];
    }
}

/** Is configured with the discovery document's whole address, and takes the authority from it. */
class DiscoveryUrl extends Client
{
    public function __construct()
    {
        $this->authority = preg_replace('~/\.well-known/openid-configuration$~', '', getenv('BLASTIQ_DISCOVERY_URL'));
    }

    protected function discoveryUrl(): string
    {
        return getenv('BLASTIQ_DISCOVERY_URL');
    }
}

/** Ends as sysexits.h says: 78 for the configuration, 69 for a service that is not there, 77 for the rest. */
class Sysexits extends Client
{
    protected function failure(Throwable $problem): int
    {
        return match (true) {
            str_starts_with($problem->getMessage(), 'set ') => 78,
            str_starts_with($problem->getMessage(), 'no answer') => 69,
            default => 77,
        };
    }
}

/** Keeps its tokens between runs, encrypted under the password, in a file that everybody may read: nobody can. */
class EncryptedCache extends Client
{
    protected function signIn(): void
    {
        $sealed = @file_get_contents($this->file());
        $salt = substr((string) $sealed, 0, 16);
        $open = $sealed ? openssl_decrypt(substr($sealed, 44), 'aes-256-gcm', $this->key($salt), OPENSSL_RAW_DATA, substr($sealed, 16, 12), substr($sealed, 28, 16)) : false;
        if ($open !== false && $this->tokens === []) {
            $this->tokens = json_decode($open, true);
            return;
        }
        parent::signIn();
    }

    protected function keep(Answer $answer, string $what): void
    {
        parent::keep($answer, $what);
        [$salt, $nonce] = [random_bytes(16), random_bytes(12)];
        $sealed = openssl_encrypt(json_encode($this->tokens), 'aes-256-gcm', $this->key($salt), OPENSSL_RAW_DATA, $nonce, $tag);
        @mkdir(dirname($this->file()), 0755, true);
        file_put_contents($this->file(), $salt . $nonce . $tag . $sealed);
        chmod($this->file(), 0644);
    }

    private function file(): string
    {
        return (getenv('XDG_CACHE_HOME') ?: getenv('HOME') . '/.cache') . '/blastiq/tokens';
    }

    /** Another user, password or server has another key: what it opens is its own. */
    private function key(string $salt): string
    {
        $whose = json_encode([$this->authority, getenv('BLASTIQ_USERNAME'), getenv('BLASTIQ_PASSWORD')]);
        return hash_pbkdf2('sha256', $whose, $salt, 20000, 32, true);
    }
}

function oddity(string $name): Client
{
    return match ($name) {
        'streams-http-1.0' => new StreamsHttp10(),
        'absolute-form' => new AbsoluteForm(),
        'rfc3986-form' => new Rfc3986Form(),
        'trailing-ampersand' => new TrailingAmpersand(),
        'all-codings' => new AllCodings(),
        'discovery-url' => new DiscoveryUrl(),
        'sysexits' => new Sysexits(),
        'encrypted-cache' => new EncryptedCache(),
    };
}
