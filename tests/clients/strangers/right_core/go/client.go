// A right client on net/http; the fields of client are seams, one for each oddity. Start it with an oddity's name.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

type answer struct {
	status int
	header http.Header
	body   []byte
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	RefreshToken string `json:"refresh_token"`
}

type client struct {
	authority, endpoint string
	document            map[string]any
	tokens              tokens
	tries               int
	http                *http.Client
	patience            time.Duration // after a 429, as a multiple of the other pauses
	request             func(method, address string, header http.Header, body string) (*http.Request, error)
	fetch               func(address string) (*answer, error)
	remembered          func() bool
	kept                func() error
	work                func() error
}

func newClient() *client {
	c := &client{authority: strings.TrimSuffix(os.Getenv("BLASTIQ_AUTHORITY"), "/"), tries: 3, patience: 2}
	// A redirect would carry the password on: none is followed.
	c.http = &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	c.request = func(method, address string, header http.Header, body string) (*http.Request, error) {
		request, err := http.NewRequest(method, address, strings.NewReader(body))
		if err == nil {
			request.Header = header
		}
		return request, err
	}
	c.fetch = func(address string) (*answer, error) { return c.patiently(http.MethodGet, address, http.Header{}, "") }
	c.remembered = func() bool { return false }
	c.kept = func() error { return nil }
	c.work = func() error { return c.calls(c.call) }
	return c
}

func (c *client) run() error {
	if os.Getenv("BLASTIQ_USERNAME") == "" || os.Getenv("BLASTIQ_PASSWORD") == "" {
		return errors.New("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
	}
	if err := c.discover(); err != nil {
		return err
	}
	if !c.remembered() {
		if err := c.signIn(); err != nil {
			return err
		}
	}
	return c.work()
}

// calls makes as many calls as it is told, a second apart.
func (c *client) calls(call func() error) error {
	number, _ := strconv.Atoi(os.Getenv("BLASTIQ_API_CALLS"))
	for made := 0; made < number; made++ {
		if made > 0 {
			time.Sleep(time.Second)
		}
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) discover() error {
	found, err := c.fetch(c.authority + "/.well-known/openid-configuration")
	if err != nil {
		return err
	}
	if err := found.object(&c.document, "discovery"); err != nil {
		return err
	}
	issuer, _ := c.document["issuer"].(string)
	if strings.TrimSuffix(issuer, "/") != c.authority {
		return errors.New("the issuer is not the authority")
	}
	c.endpoint, _ = c.document["token_endpoint"].(string)
	if c.endpoint == "" || strings.HasPrefix(c.authority, "https:") && !strings.HasPrefix(c.endpoint, "https:") {
		return errors.New("discovery names no token endpoint that may be used")
	}
	return nil
}

func (c *client) signIn() error {
	found, err := c.ask(url.Values{
		"grant_type": {"password"}, "username": {os.Getenv("BLASTIQ_USERNAME")}, "password": {os.Getenv("BLASTIQ_PASSWORD")},
	})
	if err != nil {
		return err
	}
	c.tokens = tokens{}
	return c.keep(found)
}

func (c *client) renew() error {
	if c.tokens.RefreshToken == "" {
		return c.signIn()
	}
	found, err := c.ask(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {c.tokens.RefreshToken}})
	if err != nil {
		return err
	}
	if found.status == http.StatusBadRequest {
		return c.signIn()
	}
	return c.keep(found)
}

func (c *client) ask(grant url.Values) (*answer, error) {
	grant.Set("client_id", os.Getenv("BLASTIQ_CLIENT_ID"))
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	return c.patiently(http.MethodPost, c.endpoint, header, grant.Encode())
}

func (c *client) keep(found *answer) error {
	fresh := tokens{RefreshToken: c.tokens.RefreshToken}
	if err := found.object(&fresh, "the token request"); err != nil {
		return err
	}
	if fresh.AccessToken == "" || !strings.EqualFold(fresh.TokenType, "bearer") {
		return errors.New("the answer holds no bearer token")
	}
	c.tokens = fresh
	return c.kept()
}

func (c *client) call() error {
	found, err := c.callAPI()
	if err == nil && found.status == http.StatusUnauthorized {
		if err = c.renew(); err == nil {
			found, err = c.callAPI()
		}
	}
	if err == nil && found.status != http.StatusOK {
		err = fmt.Errorf("the API answered %d", found.status)
	}
	return err
}

func (c *client) callAPI() (*answer, error) {
	header := http.Header{"Authorization": {"Bearer " + c.tokens.AccessToken}}
	return c.patiently(http.MethodGet, os.Getenv("BLASTIQ_API_URL"), header, "")
}

// patiently tries again with growing pauses; what Retry-After asks for goes before: RFC 9110 10.2.3.
func (c *client) patiently(method, address string, header http.Header, body string) (*answer, error) {
	for tried := 1; ; tried++ {
		pause := time.Second << (tried - 1)
		found, err := c.send(method, address, header, body)
		if late, is := err.(interface{ Timeout() bool }); is && late.Timeout() || err != nil && tried >= c.tries {
			return nil, errors.New("no answer")
		}
		if err == nil {
			pause = c.pauseAfter(found, pause)
			if found.status != 429 && found.status < 500 || tried >= c.tries || pause > 30*time.Second {
				return found, nil
			}
		}
		time.Sleep(pause)
	}
}

func (c *client) pauseAfter(found *answer, own time.Duration) time.Duration {
	asked := found.header.Get("Retry-After")
	if seconds, err := strconv.Atoi(asked); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if until, err := http.ParseTime(asked); err == nil {
		return max(own, time.Until(until))
	}
	if found.status == http.StatusTooManyRequests {
		return own * c.patience
	}
	return own
}

func (c *client) send(method, address string, header http.Header, body string) (*answer, error) {
	request, err := c.request(method, address, header, body)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	whole, err := io.ReadAll(response.Body)
	return &answer{response.StatusCode, response.Header, whole}, err
}

func (a *answer) object(into any, what string) error {
	if a.status != http.StatusOK {
		return fmt.Errorf("%s was answered %d", what, a.status)
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(a.body, &object) != nil || object == nil || json.Unmarshal(a.body, into) != nil {
		return fmt.Errorf("%s was answered with something else than is expected", what)
	}
	return nil
}

func main() {
	if err := oddity(os.Args[1]).run(); err != nil {
		fmt.Fprintln(os.Stderr, "BlastIQ:", err)
		os.Exit(1)
	}
}
