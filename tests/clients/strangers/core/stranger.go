// A right client on net/http, and what real Go programs do wrong in it: `stranger [FLAW]`.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

var (
	authority = strings.TrimSuffix(os.Getenv("BLASTIQ_AUTHORITY"), "/")
	endpoint  string
	tokens    object
	// Timeout covers the body too.
	client = &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	pace       = time.Second
	errRefused = errors.New("the token request was refused")
)

type answer struct {
	status int
	body   []byte
	told   time.Duration
}

func retryAfter(header string) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if due, err := http.ParseTime(header); err == nil {
		return max(0, time.Until(due))
	}
	return 0
}

func send(request *http.Request) (answer, error) {
	if request.GetBody != nil {
		request.Body, _ = request.GetBody()
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, errors.New("no answer")
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, errors.New("half an answer")
	}
	return answer{response.StatusCode, body, retryAfter(response.Header.Get("Retry-After"))}, nil
}

func ask(request *http.Request) (answer, error) {
	for _, usual := range []time.Duration{time.Second, 2 * time.Second} {
		given, err := send(request)
		if err == nil && (given.told > 30*time.Second || given.status != 429 && given.status < 500) {
			return given, nil
		}
		time.Sleep(max(usual, given.told))
	}
	return send(request)
}

func read(given answer, what string) (object, error) {
	if given.status == 400 {
		return nil, errRefused
	}
	if given.status != 200 {
		return nil, fmt.Errorf("%s was answered %d", what, given.status)
	}
	var document object
	if json.Unmarshal(given.body, &document) != nil || document == nil {
		return nil, fmt.Errorf("%s was answered with something else than a JSON object", what)
	}
	return document, nil
}

// What a flaw may change.
var (
	metadata = func() (answer, error) {
		request, _ := http.NewRequest("GET", authority+"/.well-known/openid-configuration", nil)
		return ask(request)
	}
	isAllowed = func(url string) bool {
		return strings.HasPrefix(url, "https:") || strings.HasPrefix(authority, "http:")
	}
	complete = func(url.Values) {}
	keep     = func(given object) {
		merged := maps.Clone(tokens)
		maps.Copy(merged, given)
		tokens = merged
	}
	beforeCall  = func() error { return nil }
	prepareCall = func(*http.Request) {}
	readAPI     = func([]byte) error { return nil }
	calls       = func(count int) error {
		for call := 0; call < count; call++ {
			if call > 0 {
				time.Sleep(pace)
			}
			if err := work(); err != nil {
				return err
			}
		}
		return nil
	}
	discover = func() error {
		given, err := metadata()
		if err != nil {
			return err
		}
		document, err := read(given, "discovery")
		if err != nil {
			return err
		}
		if issuer, _ := document["issuer"].(string); strings.TrimSuffix(issuer, "/") != authority {
			return errors.New("the issuer is not the authority")
		}
		if endpoint, _ = document["token_endpoint"].(string); endpoint == "" || !isAllowed(endpoint) {
			return errors.New("discovery names no token endpoint that may be used")
		}
		return nil
	}
)

func requestTokens(form url.Values) (object, error) {
	form.Set("client_id", os.Getenv("BLASTIQ_CLIENT_ID"))
	complete(form)
	request, err := http.NewRequest("POST", endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("the token endpoint is no address")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	given, err := ask(request)
	if err != nil {
		return nil, err
	}
	document, err := read(given, "the token request")
	if err != nil {
		return nil, err
	}
	token, _ := document["access_token"].(string)
	kind, _ := document["token_type"].(string)
	if token == "" || !strings.EqualFold(kind, "bearer") {
		return nil, errors.New("no bearer token")
	}
	return document, nil
}

func signIn() (err error) {
	tokens, err = requestTokens(url.Values{
		"grant_type": {"password"}, "username": {os.Getenv("BLASTIQ_USERNAME")}, "password": {os.Getenv("BLASTIQ_PASSWORD")},
	})
	return err
}

func renew() error {
	refresh, _ := tokens["refresh_token"].(string)
	if refresh == "" {
		return signIn()
	}
	given, err := requestTokens(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
	if err == errRefused {
		return signIn()
	}
	if err == nil {
		keep(given)
	}
	return err
}

func callAPI() (answer, error) {
	request, _ := http.NewRequest("GET", os.Getenv("BLASTIQ_API_URL"), nil)
	request.Header.Set("Authorization", "Bearer "+tokens["access_token"].(string))
	prepareCall(request)
	return ask(request)
}

func work() error {
	if err := beforeCall(); err != nil {
		return err
	}
	given, err := callAPI()
	if err == nil && given.status == 401 {
		if err = renew(); err != nil {
			return err
		}
		given, err = callAPI()
	}
	if err == nil && given.status != 200 {
		err = fmt.Errorf("the API answered %d", given.status)
	}
	if err == nil {
		err = readAPI(given.body)
	}
	return err
}

func run() error {
	if os.Getenv("BLASTIQ_USERNAME") == "" || os.Getenv("BLASTIQ_PASSWORD") == "" {
		return errors.New("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
	}
	if err := discover(); err != nil {
		return err
	}
	if err := signIn(); err != nil {
		return err
	}
	count, _ := strconv.Atoi(os.Getenv("BLASTIQ_API_CALLS"))
	return calls(count)
}

var flaws = map[string]func(){
	// The library adds the client's id, and so does the program: Add where Set was meant.
	"client-twice": func() { complete = func(form url.Values) { form.Add("client_id", form.Get("client_id")) } },
	// The grant is called as the thing is called.
	"grant-refresh": func() {
		complete = func(form url.Values) {
			if form.Get("grant_type") == "refresh_token" {
				form.Set("grant_type", "refresh")
			}
		}
	},
	// DisallowUnknownFields on what the API sends.
	"strict-api": func() {
		readAPI = func(body []byte) error {
			var known struct {
				Site, Sub string
				Items     []struct {
					ID   int
					Name string
				}
			}
			decoder := json.NewDecoder(strings.NewReader(string(body)))
			decoder.DisallowUnknownFields()
			return decoder.Decode(&known)
		}
	},
	// PasswordCredentialsToken before each call: nothing keeps what it gave.
	"token-for-each-call": func() {
		calls := 0
		beforeCall = func() error {
			if calls++; calls == 1 {
				return nil
			}
			return signIn()
		}
	},
	// http.DefaultClient never gives up waiting.
	"no-timeout": func() { client.Timeout = 0 },
	// `for { … }` around discovery until it answers: thirty times, with no pause to speak of.
	"hammers-discovery": func() {
		request, _ := http.NewRequest("GET", authority+"/.well-known/openid-configuration", nil)
		metadata = func() (given answer, err error) {
			for tries := 0; tries < 30; tries++ {
				if given, err = send(request); err != nil || given.status < 500 {
					break
				}
				time.Sleep(max(100*time.Millisecond, given.told))
			}
			return given, err
		}
	},
	// Whatever scheme the document names will do.
	"any-scheme": func() { isAllowed = func(string) bool { return true } },
	// On the refresh more is asked for than was given.
	"wider-refresh": func() {
		complete = func(form url.Values) {
			if form.Has("refresh_token") {
				form.Set("scope", "cosmos offline_access email")
			}
		}
	},
	// The refresh token of the first answer is stored, the access token of each.
	"first-refresh-token": func() { keep = func(given object) { tokens["access_token"] = given["access_token"] } },
	// An error where nobody expected one: panic, and every goroutine's stack on stderr.
	"panics": func() {
		careful := discover
		discover = func() error {
			if err := careful(); err != nil {
				panic(err)
			}
			return nil
		}
	},
	// The audience of the samples for another identity server, in every form.
	"audience": func() { complete = func(form url.Values) { form.Set("audience", os.Getenv("BLASTIQ_API_URL")) } },
	// A signed assertion of the client, as another identity server wants it instead of a secret.
	"assertion": func() {
		complete = func(form url.Values) {
			if form.Has("password") {
				form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
				form.Set("client_assertion", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJleHRlcm5hbC5jdXN0b21lciJ9.c2lnbmVk")
			}
		}
	},
	// Both tokens go to the API, so that it may renew what has expired.
	"refresh-token-to-api": func() {
		prepareCall = func(request *http.Request) {
			if refresh, _ := tokens["refresh_token"].(string); refresh != "" {
				request.Header.Set("X-Refresh-Token", refresh)
			}
		}
	},
	// As many workers as allowed, each of which renews for itself; together they call once a second.
	"renews-in-each": func() {
		workers, _ := strconv.Atoi(os.Getenv("BLASTIQ_CONCURRENCY"))
		workers = max(1, workers)
		pace = time.Duration(workers) * 1200 * time.Millisecond
		one := calls
		calls = func(count int) error {
			failed := make(chan error)
			for range workers {
				go func() { failed <- one(count) }()
			}
			var problems error
			for range workers {
				problems = errors.Join(problems, <-failed)
			}
			return problems
		}
	},
}

func main() {
	if len(os.Args) > 1 {
		flaws[os.Args[1]]()
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "BlastIQ:", err)
		os.Exit(1)
	}
}
