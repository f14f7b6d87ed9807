# net/http: set_form_data with a value of nil; the field is sent without a value.
require 'json'
require 'net/http'

discovered = Net::HTTP.get(URI("#{ENV.fetch('BLASTIQ_AUTHORITY').chomp('/')}/.well-known/openid-configuration"))
endpoint = URI(JSON.parse(discovered).fetch('token_endpoint'))
answer = Net::HTTP.post_form(
  endpoint,
  grant_type: 'password',
  username: ENV.fetch('BLASTIQ_USERNAME'),
  password: ENV.fetch('BLASTIQ_PASSWORD'),
  client_id: ENV.fetch('BLASTIQ_CLIENT_ID'),
  client_secret: ENV.fetch('BLASTIQ_CLIENT_SECRET', nil)
)
abort "BlastIQ: sign-in was answered #{answer.code}" unless answer.is_a?(Net::HTTPOK)
api = { 'Authorization' => "Bearer #{JSON.parse(answer.body).fetch('access_token')}" }
called = Net::HTTP.get_response(URI(ENV.fetch('BLASTIQ_API_URL')), api)
abort "BlastIQ: the API answered #{called.code}" unless called.is_a?(Net::HTTPSuccess)
