# oauth2, the gem: client.password.get_token as its README shows; of itself the client goes to a Basic header.
require 'json'
require 'net/http'
require 'oauth2'

discovered = Net::HTTP.get(URI("#{ENV.fetch('BLASTIQ_AUTHORITY').chomp('/')}/.well-known/openid-configuration"))
begin
  client = OAuth2::Client.new(ENV.fetch('BLASTIQ_CLIENT_ID'), '', token_url: JSON.parse(discovered).fetch('token_endpoint'))
  token = client.password.get_token(ENV.fetch('BLASTIQ_USERNAME'), ENV.fetch('BLASTIQ_PASSWORD'))
  token.get(ENV.fetch('BLASTIQ_API_URL'))
rescue OAuth2::Error => problem
  abort "BlastIQ: #{problem.code}"
end
