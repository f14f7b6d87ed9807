<?php
// PHP's curl extension: CURLOPT_POSTFIELDS with http_build_query, as the manual's comments on form posts show.
declare(strict_types=1);

function send(string $url, array $options = []): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10]);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new RuntimeException(curl_error($curl));
    }
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($body, true)];
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

function sign_in(string $endpoint): string
{
    $form = http_build_query([
        'grant_type' => 'password',
        'username' => getenv('BLASTIQ_USERNAME'),
        'password' => getenv('BLASTIQ_PASSWORD'),
        'client_id' => getenv('BLASTIQ_CLIENT_ID'),
    ]);
    [$status, $tokens] = send($endpoint, [CURLOPT_POSTFIELDS => $form]);
    if ($status !== 200) {
        throw new RuntimeException("sign-in was answered $status " . ($tokens['error'] ?? ''));
    }
    if (empty($tokens['access_token']) || strtolower($tokens['token_type'] ?? '') !== 'bearer') {
        throw new RuntimeException('no bearer token');
    }
    return $tokens['access_token'];
}

function call_api(string $token): int
{
    return send(getenv('BLASTIQ_API_URL'), [CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"]])[0];
}

try {
    if (getenv('BLASTIQ_USERNAME') === '' || getenv('BLASTIQ_PASSWORD') === '') {
        throw new RuntimeException('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
    }
    $endpoint = discover(rtrim(getenv('BLASTIQ_AUTHORITY'), '/'));
    $token = sign_in($endpoint);
    for ($call = 0; $call < (int) getenv('BLASTIQ_API_CALLS'); $call++) {
        sleep($call ? 1 : 0);
        $status = call_api($token);
        if ($status === 401) {
            $status = call_api($token = sign_in($endpoint));
        }
        if ($status !== 200) {
            throw new RuntimeException("the API answered $status");
        }
    }
} catch (Throwable $problem) {
    fwrite(STDERR, "BlastIQ: {$problem->getMessage()}\n");
    exit(1);
}
