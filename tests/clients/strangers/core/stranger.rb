# A right client on net/http, and what real Ruby programs do wrong in it: `stranger.rb [FLAW]`.
require 'json'
require 'net/http'
require 'open-uri'
require 'time'
require 'timeout'

class StrangerError < StandardError; end
class RefusedError < StrangerError; end

class Client
  LOST = [SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError, Net::ProtocolError,
          Net::HTTPBadResponse, Zlib::Error].freeze

  def initialize
    @authority = ENV.fetch('BLASTIQ_AUTHORITY').chomp('/')
    @api = URI(ENV.fetch('BLASTIQ_API_URL'))
    @username, @password = ENV.fetch('BLASTIQ_USERNAME'), ENV.fetch('BLASTIQ_PASSWORD')
  end

  def options(uri) = { use_ssl: uri.scheme == 'https', open_timeout: 10, read_timeout: 10, max_retries: 0 }
  def prepare(_http) = nil

  # The timeouts of net/http are those of each read; an answer that drips needs one of the whole.
  def send_to(uri, request)
    Timeout.timeout(10) do
      http = Net::HTTP.new(uri.host, uri.port)
      options(uri).each { |name, value| http.public_send(:"#{name}=", value) }
      prepare(http)
      http.start { http.request(request) }
    end
  end

  def ask(uri, request)
    [1, 2, nil].each do |usual|
      begin
        answer = send_to(uri, request)
        told = retry_after(answer)
        return answer if usual.nil? || told > 30 || (answer.code != '429' && answer.code < '500')
      rescue *LOST => problem
        told = 0
        raise StrangerError, "no answer: #{problem.class}" if usual.nil?
      end
      sleep [usual, told].max
    end
  end

  def retry_after(answer)
    header = answer['Retry-After'].to_s
    return header.to_i if header.match?(/\A\d+\z/)

    [Time.httpdate(header) - Time.now, 0].max
  rescue ArgumentError
    0
  end

  def parse(body) = JSON.parse(body)

  def object(answer, what)
    raise (answer.code == '400' ? RefusedError : StrangerError), "#{what} was answered #{answer.code}" if answer.code != '200'

    document = parse(answer.body.to_s)
    document.is_a?(Hash) ? document : raise(StrangerError, "#{what} was answered with something else than an object")
  rescue JSON::ParserError
    raise StrangerError, "#{what} was answered with something else than JSON"
  end

  def discover
    uri = URI("#{@authority}/.well-known/openid-configuration")
    document = object(ask(uri, Net::HTTP::Get.new(uri)), 'discovery')
    raise StrangerError, 'the issuer is not the authority' if document['issuer'].to_s.chomp('/') != @authority

    @endpoint = URI(document['token_endpoint'].to_s)
    raise StrangerError, 'discovery names no token endpoint' if @endpoint.host.nil?
    raise StrangerError, 'the token endpoint is not https' if @authority.start_with?('https:') && @endpoint.scheme != 'https'
  end

  def encode(form) = URI.encode_www_form(form)

  def post(form)
    request = Net::HTTP::Post.new(@endpoint)
    request.body = encode(form.merge(client_id: ENV.fetch('BLASTIQ_CLIENT_ID')))
    request.content_type = 'application/x-www-form-urlencoded'
    request
  end

  def tokens_for(form)
    tokens = object(ask(@endpoint, post(form)), 'the token request')
    raise StrangerError, 'no bearer token' if tokens['access_token'].to_s.empty? || tokens['token_type'].to_s.downcase != 'bearer'

    tokens
  end

  def sign_in = @tokens = tokens_for({ grant_type: 'password', username: @username, password: @password })

  def refresh(token) = @tokens.merge!(tokens_for({ grant_type: 'refresh_token', refresh_token: token }))

  def renew
    @tokens['refresh_token'] ? refresh(@tokens['refresh_token']) : sign_in
  rescue RefusedError
    sign_in
  end

  def call_api = ask(@api, Net::HTTP::Get.new(@api, 'Authorization' => "Bearer #{@tokens['access_token']}")).code

  def work
    status = call_api
    if status == '401'
      renew
      status = call_api
    end
    raise StrangerError, "the API answered #{status}" if status != '200'
  end

  def check
    raise StrangerError, 'set BLASTIQ_USERNAME and BLASTIQ_PASSWORD' if @username.empty? || @password.empty?
  end

  def run
    check
    discover
    sign_in
    ENV.fetch('BLASTIQ_API_CALLS').to_i.times do |call|
      sleep 1 if call.positive?
      work
    end
  end
end

Page = Struct.new(:code, :meta) do
  def [](name) = meta[name.downcase]
end

FLAWS = {
  # Net::HTTP::Post.new(uri.path), as in many samples: the path has no query. request_uri has one.
  'path-only' => Module.new do
    def post(form)
      request = Net::HTTP::Post.new(@endpoint.path)
      whole = super
      request.body, request.content_type = whole.body, whole.content_type
      request
    end
  end,

  # URI.open follows redirects to whatever host and hands the same headers to each.
  'open-uri' => Module.new do
    def send_to(uri, request)
      return super unless uri == @api

      options = { 'Authorization' => request['Authorization'], open_timeout: 10, read_timeout: 10 }
      Timeout.timeout(10) { URI.open(uri, options) { |page| Page.new('200', page.meta) } }
    rescue OpenURI::HTTPError => problem
      Page.new(problem.io.status.first, problem.io.meta)
    end
  end,

  # set_debug_output, whose documentation warns of it, was left in: it writes the body of each request.
  'debug-output' => Module.new { def prepare(http) = http.set_debug_output($stderr) },

  # The answer to every problem with a certificate.
  'verify-none' => Module.new { def prepare(http) = http.verify_mode = OpenSSL::SSL::VERIFY_NONE },

  # What a person typed is brought into one form, which is good for names and not for passwords.
  'normalised-password' => Module.new do
    def sign_in
      @password = @password.unicode_normalize(:nfc)
      super
    end
  end,

  # The column holds 72 characters, and what is longer is cut, not refused.
  'cut-password' => Module.new do
    def sign_in
      @password = @password[0, 72]
      super
    end
  end,

  # URI.escape of old, today URI::DEFAULT_PARSER.escape: for whole addresses, it leaves & + = as they are.
  'uri-escape' => Module.new do
    def encode(form) = form.map { |name, value| "#{name}=#{URI::DEFAULT_PARSER.escape(value)}" }.join('&')
  end,

  # The form is put together as a text, and that is encoded as a whole.
  'form-as-one-value' => Module.new do
    def encode(form) = URI.encode_www_form_component(form.map { |pair| pair.join('=') }.join('&'))
  end,

  # After a 401 another way is tried: the new token in the address.
  'query-after-refusal' => Module.new do
    def renew
      super
      @api = URI("#{ENV.fetch('BLASTIQ_API_URL')}?access_token=#{@tokens['access_token']}")
    end
  end,

  # net/http says nothing of a body that ends early (ignore_eof), and what is left of the JSON is mended.
  'mends-json' => Module.new do
    def parse(body)
      super
    rescue JSON::ParserError
      raise unless body.include?('"access_token"')

      { 'token_type' => 'Bearer' }.merge(super("#{body}\"}"))
    end
  end,

  # Retry-After is a number to it: the to_i of a date is 0.
  'retry-after-to-i' => Module.new do
    def retry_after(answer) = answer['Retry-After'].to_i
  end,

  # Hash#fetch of a member that is optional.
  'fetches-lifetime' => Module.new do
    def tokens_for(form)
      tokens = super
      @expires_at = Time.now + Integer(tokens.fetch('expires_in'), exception: false).to_i
      tokens
    rescue KeyError => problem
      raise StrangerError, problem.message
    end
  end,

  # The refresh is sent as parameters of the address, with nothing in the body.
  'refresh-in-query' => Module.new do
    def post(form)
      request = super
      return request unless form.key?(:refresh_token)

      query = Net::HTTP::Post.new("#{@endpoint.request_uri}?#{request.body}")
      query.content_type = request.content_type
      query
    end
  end,

  # A resource is made: PUT.
  'put' => Module.new do
    def post(form)
      put = Net::HTTP::Put.new(@endpoint)
      whole = super
      put.body, put.content_type = whole.body, whole.content_type
      put
    end
  end,

  # begin … rescue … retry, with a count that nobody thought small.
  'retries-lost' => Module.new do
    def send_to(uri, request)
      tries = 0
      begin
        super
      rescue Errno::ECONNRESET, EOFError
        raise StrangerError, 'the connection was lost eight times' if (tries += 1) == 8

        sleep 0.5
        retry
      end
    end
  end,

  # ENV.fetch fails where a name is missing, and nobody thought of an empty value.
  'unchecked' => Module.new { def check = nil },

  # basic_auth of the user beside the form, so that one of them works.
  'user-in-basic' => Module.new do
    def post(form)
      super.tap { |request| request.basic_auth(@username, @password) if form.key?(:password) }
    end
  end
}.freeze

begin
  client = Client.new
  client.extend(FLAWS.fetch(ARGV.first)) if ARGV.any?
  client.run
rescue StrangerError => problem
  abort "BlastIQ: #{problem.message}"
end
