# What is unusual but legal, in Ruby: each class differs from the plain client in one thing.

# One connection for all, and Net::HTTP's own default: an idempotent request whose connection broke is sent once more.
class LibraryReplays < Client
  TRIES = 1

  def exchange(uri, kind, headers, body = nil)
    request = kind.new(uri, headers)
    request.body = body if body
    Timeout.timeout(20) { answer_of(connection(uri).request(request)) }
  end

  def connection(uri)
    @connection ||= Net::HTTP.start(uri.host, uri.port, read_timeout: 10, ignore_eof: false)
  end
end

# Asks who it is signed in as; without the scope openid it is told 403, and goes on.
class AsksForUserinfo < Client
  def sign_in
    super
    patiently { get(@document['userinfo_endpoint'], 'Authorization' => "Bearer #{@tokens['access_token']}") }
  end
end

# Gives its tokens back when the work is done: RFC 7009, as Authlib's revoke_token and IdentityModel's RevokeTokenAsync do.
class Revokes < Client
  def work
    super
    @tokens.values_at('refresh_token', 'access_token').compact.each do |token|
      patiently { post(@document['revocation_endpoint'], URI.encode_www_form(token:, client_id: ENV.fetch('BLASTIQ_CLIENT_ID'))) }
    end
  end
end

# Renews five minutes before the end of the lifetime that it was told; what is no number tells nothing.
class FiveMinutesAhead < Client
  def keep(answer)
    super
    lifetime = Float(@tokens['expires_in'], exception: false)
    @until = lifetime && (Process.clock_gettime(Process::CLOCK_MONOTONIC) + lifetime - 300)
    @fresh = true
  end

  def call
    renew if @until && !@fresh && Process.clock_gettime(Process::CLOCK_MONOTONIC) > @until
    @fresh = false
    super
  end
end

# A site that it may not see is passed over, by design: it says so, and the run is a success.
class PassesOverForbidden < Client
  def call
    super
  rescue BlastiqError => e
    raise unless e.message.end_with?(' 403')

    puts 'skipped: this site is not ours (403)'
  end
end

# A service: after its work it waits for more; what fails is logged, and tried again in five minutes.
class StaysUp < Client
  def main
    trap('TERM') { exit! }
    loop do
      begin
        run
      rescue BlastiqError => e
        warn "BlastIQ: #{e.message}"
      end
      sleep 300
    end
  end
end

# Four threads share one token and one pace: who finds that another renewed it already takes the new one.
class FourThreads < Client
  def work
    @pace = Mutex.new
    @renewing = Mutex.new
    rounds = ENV.fetch('BLASTIQ_API_CALLS').to_i
    callers = ENV['BLASTIQ_CONCURRENCY'].to_i
    return rounds.times { |round| round(round, callers) } if callers > 1

    jobs = Thread::Queue.new((0...rounds).to_a).close
    Array.new(4) { quietly { work_off(jobs) } }.each(&:join)
  end

  def work_off(jobs)
    while (job = jobs.pop)
      @pace.synchronize do
        sleep 1 if job.positive?
        call
      end
    end
  rescue BlastiqError
    jobs.clear
    raise
  end

  # Where the target declares that it can call at once, it does.
  def round(number, callers)
    sleep 1 if number.positive?
    Array.new(callers) { quietly { call } }.each(&:join)
  end

  def quietly(&) = Thread.new(&).tap { |thread| thread.report_on_exception = false }

  def call_api
    Thread.current[:used] = @tokens['access_token']
    super
  end

  def renew
    @renewing.synchronize { super if @tokens['access_token'] == Thread.current[:used] }
  end
end

# Looks where RFC 8414 puts the document, then where its issuer's path would be inserted, then where OpenID puts it:
# the order of the Model Context Protocol's clients.
class LooksElsewhereFirst < Client
  def discover
    origin, path = authority.match(%r{\A(\w+://[^/]+)(.*)\z}).captures
    %w[oauth-authorization-server openid-configuration].each do |name|
      get("#{origin}/.well-known/#{name}#{path}")
    rescue *NO_ANSWER
      next
    end
    super
  end
end

# The gem oauth2 with the scheme :tls_client_auth, the one that posts client_id and no client_secret; no second try.
class OAuth2Gem < Client
  def discover
    super
    require 'oauth2'
    @oauth = OAuth2::Client.new(ENV.fetch('BLASTIQ_CLIENT_ID'), nil, token_url: @endpoint, auth_scheme: :tls_client_auth,
                                max_redirects: 0, connection_build: method(:build))
  end

  def build(connection)
    connection.request :url_encoded
    connection.adapter(:net_http) { |http| http.ignore_eof = false }
  end

  def sign_in = use { @oauth.password.get_token(ENV.fetch('BLASTIQ_USERNAME'), ENV.fetch('BLASTIQ_PASSWORD')) }

  def renew
    @token.refresh_token ? use { @token.refresh! } : sign_in
  rescue OAuth2::Error => e
    raise unless e.code == 'invalid_grant'

    sign_in
  end

  def use
    @token = Timeout.timeout(10) { yield }
    raise BlastiqError, 'no bearer token' unless @token.token != '' && @token['token_type'].to_s.casecmp?('bearer')
  end

  def call_api
    answer = Timeout.timeout(10) { @token.get(ENV.fetch('BLASTIQ_API_URL'), raise_errors: false) }
    Answer.new(answer.status, {}, '')
  end

  # The library has exceptions of its own; their messages quote answers.
  def main
    run
  rescue BlastiqError => e
    abort "BlastIQ: #{e.message}"
  rescue StandardError => e
    abort "BlastIQ: #{e.class}"
  end
end

ODDITIES = {
  'library-replays' => LibraryReplays, 'asks-for-userinfo' => AsksForUserinfo, 'revokes' => Revokes,
  'five-minutes-ahead' => FiveMinutesAhead, 'passes-over-forbidden' => PassesOverForbidden, 'stays-up' => StaysUp,
  'four-threads' => FourThreads, 'looks-elsewhere-first' => LooksElsewhereFirst, 'oauth2-gem' => OAuth2Gem
}.freeze
