# A right client on Ruby's own library; each method is a seam for one oddity. Start it with an oddity's name.
require 'json'
require 'net/http'
require 'time'
require 'timeout'

# What ends the program; its text holds no secret.
class BlastiqError < StandardError; end

Answer = Struct.new(:status, :headers, :body) do
  def object
    object = JSON.parse(body)
    object.is_a?(Hash) ? object : raise(BlastiqError, 'the answer is no JSON object')
  rescue JSON::ParserError
    raise BlastiqError, 'the answer is not JSON'
  end
end

class Client
  TRIES = 3
  NO_ANSWER = [SystemCallError, IOError, SocketError, Timeout::Error, Net::ProtocolError, Zlib::Error].freeze

  def main
    run
  rescue BlastiqError => e
    abort "BlastIQ: #{e.message}"
  end

  def run
    demand_credentials
    discover
    sign_in
    work
  end

  def work
    ENV.fetch('BLASTIQ_API_CALLS').to_i.times do |number|
      sleep 1 if number.positive?
      call
    end
  end

  def demand_credentials
    set = %w[BLASTIQ_USERNAME BLASTIQ_PASSWORD].none? { |name| ENV.fetch(name, '').empty? }
    raise BlastiqError, 'set BLASTIQ_USERNAME and BLASTIQ_PASSWORD' unless set
  end

  def authority = ENV.fetch('BLASTIQ_AUTHORITY').delete_suffix('/')

  def discover
    answer = patiently { get("#{authority}/.well-known/openid-configuration") }
    raise BlastiqError, "discovery answered #{answer.status}" unless answer.status == 200

    @document = answer.object
    raise BlastiqError, 'the issuer is not the authority' unless @document['issuer'].to_s.delete_suffix('/') == authority

    @endpoint = @document['token_endpoint'].to_s
    usable = authority.start_with?('https:') ? 'https:' : 'http'
    raise BlastiqError, 'discovery names no token endpoint that may be used' unless @endpoint.start_with?(usable)
  end

  def sign_in
    @tokens = {}
    keep ask(grant_type: 'password', username: ENV.fetch('BLASTIQ_USERNAME'), password: ENV.fetch('BLASTIQ_PASSWORD'))
  end

  def renew
    return sign_in unless @tokens['refresh_token']

    answer = ask(grant_type: 'refresh_token', refresh_token: @tokens['refresh_token'])
    answer.status == 400 ? sign_in : keep(answer)
  end

  def ask(grant)
    form = URI.encode_www_form(grant.merge(client_id: ENV.fetch('BLASTIQ_CLIENT_ID')))
    patiently { post(@endpoint, form) }
  end

  def keep(answer)
    raise BlastiqError, "the token request was answered #{answer.status}" unless answer.status == 200

    tokens = answer.object
    raise BlastiqError, 'the answer holds no access token' unless tokens['access_token'].is_a?(String) && tokens['access_token'] != ''
    raise BlastiqError, 'the token is no bearer token' unless tokens['token_type'].to_s.casecmp?('bearer')

    @tokens = @tokens.merge(tokens)
  end

  def call
    answer = call_api
    if answer.status == 401
      renew
      answer = call_api
    end
    raise BlastiqError, "the API answered #{answer.status}" unless answer.status == 200
  end

  def call_api
    patiently { get(ENV.fetch('BLASTIQ_API_URL'), 'Authorization' => "Bearer #{@tokens['access_token']}") }
  end

  # Three tries at most, with growing pauses; what Retry-After asks for goes before: RFC 9110 10.2.3.
  def patiently
    (1..).each do |tried|
      pause = 2**(tried - 1)
      begin
        answer = yield
        pause = pause_after(answer, pause)
        return answer if (answer.status != 429 && answer.status < 500) || tried >= self.class::TRIES || pause > 30
      rescue *NO_ANSWER => e
        raise BlastiqError, "no answer: #{e.class}" if tried >= self.class::TRIES
      end
      sleep pause
    end
  end

  def pause_after(answer, own)
    asked = answer.headers['retry-after'].to_s
    return asked.to_i if asked.match?(/\A\d+\z/)
    return [own, Time.httpdate(asked) - Time.now].max unless asked.empty?

    answer.status == 429 ? 2 * own : own
  rescue ArgumentError
    own
  end

  def get(url, headers = {}) = exchange(URI(url), Net::HTTP::Get, headers)

  def post(url, form) = exchange(URI(url), Net::HTTP::Post, { 'Content-Type' => 'application/x-www-form-urlencoded' }, form)

  def exchange(uri, kind, headers, body = nil)
    request = kind.new(uri, headers)
    request.body = body if body
    Timeout.timeout(10) { answer_of(transmit(uri, request)) }
  end

  def transmit(uri, request)
    Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https', max_retries: 0, ignore_eof: false) do |http|
      http.request(request)
    end
  end

  def answer_of(response)
    headers = response.each_header.to_h
    Answer.new(response.code.to_i, headers, response.body.to_s)
  end
end

require_relative 'oddities'
ODDITIES.fetch(ARGV.fetch(0)).new.main
