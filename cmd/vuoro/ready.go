package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// ready asks a server that runs beside it, so that a container without a shell
// can be watched.
func ready(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "ready")
	if err := parse(p, set, args); err != nil {
		return unlessHelp(err)
	}
	config, err := readConfig(p.getenv)
	if err != nil {
		return err
	}
	host, port, _ := net.SplitHostPort(config.Addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("ready: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("nothing answers on VUORO_ADDR %s: %w", config.Addr, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server on VUORO_ADDR %s is not ready: %s", config.Addr, answer.Status)
	}
	fmt.Fprintln(p.stdout, "ready")
	return nil
}
