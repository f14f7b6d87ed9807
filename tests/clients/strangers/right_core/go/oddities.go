// What is unusual but legal, in Go: each function changes one thing of the plain client.
package main

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

func oddity(name string) *client {
	c := newClient()
	map[string]func(*client){
		"five-tries":          fiveTries,
		"chunked-form":        chunkedForm,
		"follows-redirects":   followsRedirects,
		"pipelines":           pipelines,
		"verifies-signature":  verifiesSignature,
		"cache-0600":          cachesTokens,
		"two-workers":         twoWorkers,
		"connection-per-call": connectionPerCall,
	}[name](c)
	return c
}

// Five tries with pauses of 1, 2, 4 and 8 s, after a 429 too: the default of HashiCorp's go-retryablehttp.
func fiveTries(c *client) {
	c.tries, c.patience = 5, 1
	connectionPerCall(c) // a replay of net/http's own would be a sixth
}

// A form whose length is not said beforehand goes in chunks, as net/http sends any io.Reader.
func chunkedForm(c *client) {
	c.request = func(method, address string, header http.Header, body string) (*http.Request, error) {
		var stream io.Reader
		if body != "" {
			stream = io.MultiReader(strings.NewReader(body))
		}
		request, err := http.NewRequest(method, address, stream)
		if err == nil {
			request.Header = header
		}
		return request, err
	}
}

// http.Client as it comes follows the redirects of the token endpoint, a 307 with the form. Those of the API it does not.
func followsRedirects(c *client) {
	asItComes := &http.Client{Timeout: 10 * time.Second}
	careful := c.http.CheckRedirect
	asItComes.CheckRedirect = func(next *http.Request, before []*http.Request) error {
		if before[0].Header.Get("Authorization") != "" {
			return careful(next, before)
		}
		if len(before) >= 10 {
			return errors.New("stopped after 10 redirects")
		}
		return nil
	}
	c.http = asItComes
}

// A new connection for each request, with the word that it will be closed.
func connectionPerCall(c *client) {
	c.http.Transport = &http.Transport{DisableKeepAlives: true}
}

// Both places where discovery may stand are asked in one breath, on one connection: RFC 9112 9.3.2.
func pipelines(c *client) {
	c.fetch = func(address string) (*answer, error) {
		where, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		elsewhere := "/.well-known/oauth-authorization-server" + strings.TrimSuffix(where.Path, "/.well-known/openid-configuration")
		peer, err := net.DialTimeout("tcp", where.Host, 10*time.Second)
		if err != nil {
			return nil, errors.New("no connection")
		}
		defer peer.Close()
		peer.SetDeadline(time.Now().Add(10 * time.Second))
		for _, path := range []string{elsewhere, where.Path} {
			fmt.Fprintf(peer, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n\r\n", path, where.Host)
		}
		stream := bufio.NewReader(peer)
		var last *answer
		for range 2 {
			response, err := http.ReadResponse(stream, nil)
			if err != nil {
				return nil, errors.New("no answer")
			}
			whole, err := io.ReadAll(response.Body)
			if err != nil {
				return nil, errors.New("the answer is cut short")
			}
			last = &answer{response.StatusCode, response.Header, whole}
		}
		return last, nil
	}
}

// Fetches the keys and verifies the token's signature, to write into the log what it found: what is no JWT is used as well.
func verifiesSignature(c *client) {
	c.kept = func() error {
		keys, _ := c.document["jwks_uri"].(string)
		found, err := c.patiently(http.MethodGet, keys, http.Header{}, "")
		if err == nil {
			fmt.Fprintln(os.Stderr, "signature verified:", verified(c.tokens.AccessToken, found.body))
		}
		return nil
	}
}

func verified(token string, keys []byte) bool {
	parts := strings.Split(token, ".")
	var set struct{ Keys []struct{ N, E string } }
	if len(parts) != 3 || json.Unmarshal(keys, &set) != nil {
		return false
	}
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	for _, key := range set.Keys {
		n, _ := base64.RawURLEncoding.DecodeString(key.N)
		e, _ := base64.RawURLEncoding.DecodeString(key.E)
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
		if public.E > 1 && rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature) == nil {
			return true
		}
	}
	return false
}

// Keeps its tokens between runs in a file that its owner alone may read; of another password it makes no use.
func cachesTokens(c *client) {
	folder, err := os.UserCacheDir()
	if err != nil {
		folder = os.TempDir()
	}
	file := filepath.Join(folder, "blastiq", "tokens.json")
	type entry struct {
		Salt, Whose []byte
		Tokens      tokens
	}
	whose := func(salt []byte) []byte {
		code := hmac.New(sha256.New, salt)
		json.NewEncoder(code).Encode([]string{c.authority, os.Getenv("BLASTIQ_USERNAME"), os.Getenv("BLASTIQ_PASSWORD")})
		return code.Sum(nil)
	}
	c.remembered = func() bool {
		var old entry
		text, err := os.ReadFile(file)
		if err != nil || json.Unmarshal(text, &old) != nil || !bytes.Equal(old.Whose, whose(old.Salt)) {
			return false
		}
		c.tokens = old.Tokens
		return true
	}
	c.kept = func() error {
		salt := make([]byte, 16)
		rand.Read(salt)
		text, _ := json.Marshal(entry{salt, whose(salt), c.tokens})
		if os.MkdirAll(filepath.Dir(file), 0o700) != nil || os.WriteFile(file, text, 0o600) != nil {
			return errors.New("the token cache cannot be written")
		}
		return nil
	}
}

// Two workers, each with a token of its own, keep one pace: calls stay one after the other. Where the target declares
// that they can call at once, they do.
func twoWorkers(c *client) {
	signIn := func(worker *client) error {
		if worker.tokens.AccessToken != "" {
			return nil
		}
		return worker.signIn()
	}
	c.remembered = func() bool { return true }
	c.work = func() error {
		other := newClient()
		other.endpoint = c.endpoint
		workers := []*client{c, other}
		job := func(worker *client) error {
			if err := signIn(worker); err != nil {
				return err
			}
			return worker.call()
		}
		if os.Getenv("BLASTIQ_CONCURRENCY") == "" {
			made := 0
			return c.calls(func() error { made++; return job(workers[(made-1)%2]) })
		}
		failures := make([]error, 2)
		var all sync.WaitGroup
		for index, worker := range workers {
			all.Add(1)
			go func() {
				defer all.Done()
				failures[index] = worker.calls(func() error { return job(worker) })
			}()
		}
		all.Wait()
		return errors.Join(failures...)
	}
}
