package main

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Config is the environment, read once. docs/operations.md describes each name.
type Config struct {
	Addr           string // VUORO_ADDR, host:port
	Data           string // VUORO_DATA, directory
	DatabaseURL    string // "" = a private cluster under Data
	DirectURL      string // DATABASE_DIRECT_URL, for migrations and the leader's lock
	BaseURL        string // without a slash at the end
	SMTPURL        string // "" = in the demo a mailbox page, else mail waits
	MailFrom       string
	TrustedProxies []string
	MapTileURL     string // MAP_TILE_URL; "" = no map
}

// readConfig reads and checks the environment; every problem is named with its
// variable.
func readConfig(getenv func(string) string) (Config, error) {
	c := Config{
		Addr: getenv("VUORO_ADDR"), Data: getenv("VUORO_DATA"),
		DatabaseURL: getenv("DATABASE_URL"), DirectURL: getenv("DATABASE_DIRECT_URL"),
		BaseURL: strings.TrimSuffix(getenv("BASE_URL"), "/"),
		SMTPURL: getenv("SMTP_URL"), MailFrom: getenv("MAIL_FROM"),
		TrustedProxies: fields(getenv("TRUSTED_PROXIES")), MapTileURL: getenv("MAP_TILE_URL"),
	}
	return c.withDefaults(), c.withDefaults().validate()
}

func (c Config) withDefaults() Config {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.Data == "" {
		c.Data = ".vuoro"
	}
	if c.DirectURL == "" {
		c.DirectURL = c.DatabaseURL
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	if c.MailFrom == "" {
		c.MailFrom = "Vuoro <vuoro@localhost>"
	}
	return c
}

func (c Config) validate() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("VUORO_ADDR %q is not host:port, such as 127.0.0.1:8080", c.Addr)
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.Path != "" {
		return fmt.Errorf("BASE_URL %q is not scheme and host, such as https://rooms.example.org", c.BaseURL)
	}
	if base.Scheme == "http" && !loopback(base.Hostname()) {
		return fmt.Errorf("BASE_URL %q must begin with https:// unless it is a loopback address", c.BaseURL)
	}
	if c.DirectURL != "" && c.DatabaseURL == "" {
		return fmt.Errorf("DATABASE_DIRECT_URL is set without DATABASE_URL: set both or neither")
	}
	return c.validateMap()
}

// validateMap wants an address from which a page may load pictures: one host,
// because the content security policy names it.
func (c Config) validateMap() error {
	if c.MapTileURL == "" {
		return nil
	}
	tiles, err := url.Parse(c.MapTileURL)
	secure := err == nil && (tiles.Scheme == "https" || tiles.Scheme == "http" && loopback(tiles.Hostname()))
	numbers := strings.Contains(c.MapTileURL, "{z}") && strings.Contains(c.MapTileURL, "{x}") && strings.Contains(c.MapTileURL, "{y}")
	if !secure || !numbers || tiles.Host == "" || strings.ContainsAny(tiles.Host, "{}*;, ") {
		return fmt.Errorf("MAP_TILE_URL %q is not an https address of one host with {z}, {x} and {y}, such as https://tiles.example.org/{z}/{x}/{y}.png", c.MapTileURL)
	}
	return nil
}

// loopback tells whether a host name means this machine only.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
