# net/http, of Ruby's own library: URI.encode_www_form in a Net::HTTP::Post, as its documentation shows; refreshes on 401.
require 'json'
require 'net/http'

AUTHORITY = ENV.fetch('BLASTIQ_AUTHORITY').chomp('/')
CLIENT_ID = ENV.fetch('BLASTIQ_CLIENT_ID')
API = URI(ENV.fetch('BLASTIQ_API_URL'))
PASSWORD_GRANT = {
  grant_type: 'password', username: ENV.fetch('BLASTIQ_USERNAME'), password: ENV.fetch('BLASTIQ_PASSWORD')
}.freeze

def send_to(uri, request)
  options = { use_ssl: uri.scheme == 'https', open_timeout: 10, read_timeout: 10, max_retries: 0 }
  Net::HTTP.start(uri.host, uri.port, **options) { |http| http.request(request) }
end

def object(answer, what)
  raise "#{what} was answered #{answer.code}" unless answer.is_a?(Net::HTTPOK)

  document = JSON.parse(answer.body)
  document.is_a?(Hash) ? document : raise("#{what} was answered with something else than an object")
end

def discover
  uri = URI("#{AUTHORITY}/.well-known/openid-configuration")
  document = object(send_to(uri, Net::HTTP::Get.new(uri)), 'discovery')
  raise 'the issuer is not the authority' unless document.fetch('issuer').chomp('/') == AUTHORITY

  URI(document.fetch('token_endpoint'))
end

def ask(endpoint, grant)
  request = Net::HTTP::Post.new(endpoint)
  request.set_form_data(grant.merge(client_id: CLIENT_ID))
  send_to(endpoint, request)
end

def tokens_of(answer)
  tokens = object(answer, 'the token request')
  raise 'no bearer token' if tokens.fetch('access_token').empty? || tokens['token_type'].to_s.downcase != 'bearer'

  tokens
end

def renew(endpoint, tokens)
  refresh = tokens['refresh_token']
  answer = ask(endpoint, { grant_type: 'refresh_token', refresh_token: refresh }) if refresh
  return tokens.merge(tokens_of(answer)) if answer && answer.code != '400'

  tokens_of(ask(endpoint, PASSWORD_GRANT))
end

def call_api(tokens)
  send_to(API, Net::HTTP::Get.new(API, 'Authorization' => "Bearer #{tokens.fetch('access_token')}"))
end

begin
  raise 'set BLASTIQ_USERNAME and BLASTIQ_PASSWORD' if PASSWORD_GRANT.value?('')

  endpoint = discover
  tokens = renew(endpoint, {})
  ENV.fetch('BLASTIQ_API_CALLS').to_i.times do |call|
    sleep 1 if call.positive?
    answer = call_api(tokens)
    answer = call_api(tokens = renew(endpoint, tokens)) if answer.code == '401'
    raise "the API answered #{answer.code}" unless answer.is_a?(Net::HTTPSuccess)
  end
rescue StandardError => problem
  abort "BlastIQ: #{problem.message}"
end
