package web

import "vuoro/fault"

// Pages that are not written yet; a line goes when its page comes.

func pending() error { return fault.New(fault.NotFound, "not_found") }
