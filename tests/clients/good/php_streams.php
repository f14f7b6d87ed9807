<?php
// PHP without extensions: file_get_contents with a stream context, as the manual's page on HTTP context options shows.
declare(strict_types=1);

function send(string $url, array $options = []): array
{
    // A redirect would carry the password on: none is followed.
    $http = $options + ['timeout' => 10, 'ignore_errors' => true, 'follow_location' => 0];
    $body = @file_get_contents($url, false, stream_context_create(['http' => $http]));
    if ($body === false) {
        throw new RuntimeException('no answer');
    }
    preg_match('#^HTTP/\S+ (\d+)#', $http_response_header[0], $status);
    return [(int) $status[1], json_decode($body, true)];
}

function discover(string $authority): string
{
    [$status, $document] = send("$authority/.well-known/openid-configuration");
    if ($status !== 200 || !is_string($document['token_endpoint'] ?? null)) {
        throw new RuntimeException("no discovery document: $status");
    }
    if (rtrim($document['issuer'] ?? '', '/') !== $authority) {
        throw new RuntimeException('the issuer is not the authority');
    }
    return $document['token_endpoint'];
}

function ask(string $endpoint, array $grant): array
{
    return send($endpoint, [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($grant + ['client_id' => getenv('BLASTIQ_CLIENT_ID')]),
    ]);
}

function renew(string $endpoint, array $old): array
{
    $sign_in = ['grant_type' => 'password', 'username' => getenv('BLASTIQ_USERNAME'), 'password' => getenv('BLASTIQ_PASSWORD')];
    $grants = [$sign_in];
    if (!empty($old['refresh_token'])) {
        array_unshift($grants, ['grant_type' => 'refresh_token', 'refresh_token' => $old['refresh_token']]);
    }
    foreach ($grants as $grant) {
        [$status, $tokens] = ask($endpoint, $grant);
        if ($status !== 400) {
            break;
        }
    }
    if ($status !== 200 || empty($tokens['access_token']) || strtolower($tokens['token_type'] ?? '') !== 'bearer') {
        throw new RuntimeException("no bearer token: $status " . ($tokens['error'] ?? ''));
    }
    return $tokens + $old;
}

function call_api(array $tokens): int
{
    return send(getenv('BLASTIQ_API_URL'), ['header' => "Authorization: Bearer {$tokens['access_token']}"])[0];
}

try {
    if (getenv('BLASTIQ_USERNAME') === '' || getenv('BLASTIQ_PASSWORD') === '') {
        throw new RuntimeException('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
    }
    $endpoint = discover(rtrim(getenv('BLASTIQ_AUTHORITY'), '/'));
    $tokens = renew($endpoint, []);
    for ($call = 0; $call < (int) getenv('BLASTIQ_API_CALLS'); $call++) {
        sleep($call ? 1 : 0);
        $status = call_api($tokens);
        if ($status === 401) {
            $status = call_api($tokens = renew($endpoint, $tokens));
        }
        if ($status !== 200) {
            throw new RuntimeException("the API answered $status");
        }
    }
} catch (Throwable $problem) {
    fwrite(STDERR, "BlastIQ: {$problem->getMessage()}\n");
    exit(1);
}
